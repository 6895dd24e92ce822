// Asks an address once and tells by its exit code whether the answer was a success: the image holds no other program
// that could.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Get(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answer.Body.Close()
	if answer.StatusCode >= 400 {
		fmt.Fprintln(os.Stderr, answer.Status)
		os.Exit(1)
	}
}
