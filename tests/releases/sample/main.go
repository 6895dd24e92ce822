// A sample application for the release suite: its image decides how it behaves.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	behaviour := os.Getenv("BEHAVIOUR")
	if behaviour == "crashing" {
		fmt.Println("cannot start: this image crashes on purpose")
		os.Exit(1)
	}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		if behaviour == "unhealthy" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprintln(w, behaviour)
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if behaviour == "failing" && rand.Float64() < 0.2 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprintln(w, behaviour)
	})
	server := &http.Server{Addr: ":8000"}
	go server.ListenAndServe()

	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	<-terminated
	deadline, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	server.Shutdown(deadline)
}
