// Waiting for pipes, timers' channels, and functions of types that only reflection knows.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"time"
)

type key string
type number float64

func main() {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	done := make(chan bool)
	go func() {
		var b bytes.Buffer
		n, err := io.Copy(&b, r)
		fmt.Println("read", n, err)
		done <- true
	}()
	big := make([]byte, 300000) // more than a pipe holds
	n, err := w.Write(big)
	fmt.Println("written", n, err)
	fmt.Fprintln(w, "hello")
	w.Close()
	<-done
	r.Close()

	r, w, _ = os.Pipe()
	r.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	_, err = r.Read(big)
	fmt.Println(err, errors.Is(err, os.ErrDeadlineExceeded))
	r.SetReadDeadline(time.Time{})
	go func() {
		time.Sleep(time.Millisecond)
		r.Close()
	}()
	_, err = r.Read(big)
	fmt.Println(err, errors.Is(err, os.ErrClosed))
	_, err = w.Write(big)
	fmt.Println(err)

	timer := time.NewTimer(1)
	time.Sleep(time.Millisecond)
	fmt.Println(len(timer.C), cap(timer.C))
	<-timer.C

	large := make([]struct{}, 1<<62)
	fmt.Println(copy(large[5:], large))

	typ := reflect.FuncOf([]reflect.Type{reflect.TypeOf(key(""))}, []reflect.Type{reflect.TypeOf(number(0))}, false)
	f := reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(number(len(args[0].String())))}
	})
	fmt.Println(f.Call([]reflect.Value{reflect.ValueOf(key("gopher"))})[0])
}
