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
	if len(os.Args) > 1 {
		command(os.Args[1:])
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
	fmt.Println("listening as", behaviour)
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

func command(words []string) {
	switch words[0] {
	case "greet":
		fmt.Println(behaviour, "greets", words[1])
		os.Exit(0)
	case "fail":
		os.Exit(1)
	}
	job(words[0])
}

// What the image does beside serving: one job that ends, one that works until it is stopped.
func job(name string) {
	log, err := os.OpenFile("/jobs/log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(log, name, behaviour, os.Getenv("PGOPTIONS"))
	fmt.Println("this is", name, "of", behaviour)
	if behaviour == "failing-"+name {
		fmt.Fprintln(os.Stderr, name+" does not work in this image")
		os.Exit(1)
	}
	if name == "worker" {
		terminated := make(chan os.Signal, 1)
		signal.Notify(terminated, syscall.SIGTERM)
		<-terminated
		fmt.Fprintln(log, "stopped", behaviour)
	} else if behaviour == "long-"+name {
		time.Sleep(time.Hour)
	}
	os.Exit(0)
}

func answer(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	if behaviour == "slow" {
		time.Sleep(150 * time.Millisecond)
	}
	if behaviour == "failing" && rand.Float64() < 0.2 {
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprintln(w, behaviour)
}
