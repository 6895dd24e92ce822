// A sample application for the release suite: its image decides how it behaves.
package main

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
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
	if behaviour == "leaking" {
		go leak()
	}
	if behaviour == "healthless" {
		http.HandleFunc("/healthz", http.NotFound)
	} else {
		http.HandleFunc("/healthz", health)
	}
	http.HandleFunc("/download", download)
	http.HandleFunc("/websocket", websocket)
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

// Ten megabytes a second: too little to be seen at once.
func leak() {
	var kept [][]byte
	for range time.Tick(100 * time.Millisecond) {
		kept = append(kept, bytes.Repeat([]byte("x"), 1<<20))
	}
	fmt.Println(len(kept))
}

// A long answer: a line every tenth of a second, for eight seconds.
func download(w http.ResponseWriter, r *http.Request) {
	for line := 0; line < 80; line++ {
		fmt.Fprintln(w, behaviour)
		w.(http.Flusher).Flush()
		time.Sleep(100 * time.Millisecond)
	}
}

// No library is needed to open a websocket and to send the same frame again and again.
func websocket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	for {
		frame := append([]byte{0x81, byte(len(behaviour))}, behaviour...)
		if _, err := connection.Write(frame); err != nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
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
