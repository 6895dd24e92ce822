// A sample application for the release suite: its image decides how it behaves.
package main

import (
	"context"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

var behaviour = os.Getenv("BEHAVIOUR")

func main() {
	if behaviour == "crashing" {
		fmt.Println("cannot start: this image crashes on purpose")
		os.Exit(1)
	}
	if behaviour == "dying" {
		time.AfterFunc(4*time.Second, func() { os.Exit(1) })
	}
	http.HandleFunc("/healthz", health)
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(2 * time.Second)
		answer(w, r)
	})
	http.HandleFunc("/greeting", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, os.Getenv("GREETING"))
	})
	http.HandleFunc("/", answer)
	server := &http.Server{Addr: ":8000"}
	go server.ListenAndServe()

	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	<-terminated
	deadline, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	server.Shutdown(deadline)
}

// Like many frameworks it answers only to GET, only to its own name, and only to requests that came by HTTPS.
func health(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !strings.HasPrefix(r.Host, "localhost") || r.Header.Get("X-Forwarded-Proto") != "https":
		w.WriteHeader(http.StatusBadRequest)
	case behaviour == "unhealthy":
		w.WriteHeader(http.StatusInternalServerError)
	case behaviour == "fading" && time.Since(begin) > 4*time.Second:
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprintln(w, behaviour)
}

var begin = time.Now()

func answer(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	if behaviour == "failing" && rand.Float64() < 0.2 {
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprintln(w, behaviour)
}
