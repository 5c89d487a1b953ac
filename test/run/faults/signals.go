// Programs that get signals once they are ready for them.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

func main() {
	ready := func() { fmt.Println("ready") }
	switch os.Args[1] {
	case "sleep":
		ready()
		time.Sleep(10 * time.Minute)
	case "spin":
		ready()
		for {
		}
	case "spincount":
		ready()
		n := 0
		for i := 0; i < 1e12; i++ {
			n += i
		}
		fmt.Println(n)
	case "chan":
		go func() { time.Sleep(10 * time.Minute) }()
		ready()
		<-make(chan int)
	case "unheard":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR2)
		ready()
		fmt.Println("got", <-c)
		time.Sleep(10 * time.Minute)
	case "notify":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGQUIT)
		ready()
		for range 2 {
			fmt.Println("got", <-c)
		}
		signal.Stop(c)
		signal.Reset()
		syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
		time.Sleep(10 * time.Minute)
		fmt.Println("not reached")
	case "context":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		ready()
		<-ctx.Done()
		fmt.Println("done", ctx.Err(), context.Cause(ctx))
	case "ignore":
		signal.Ignore(os.Interrupt)
		ready()
		time.Sleep(1 * time.Second)
		fmt.Println("survived", signal.Ignored(os.Interrupt))
	case "self":
		c := make(chan os.Signal, 1)
		signal.Notify(c)
		syscall.Kill(os.Getpid(), syscall.SIGUSR2)
		fmt.Println(<-c, runtime.NumGoroutine())
		p, _ := os.FindProcess(os.Getpid())
		p.Signal(syscall.SIGHUP)
		fmt.Println(<-c)
		signal.Stop(c)
	case "busynotify":
		c := make(chan os.Signal, 1)
		signal.Notify(c, os.Interrupt)
		go func() {
			for i := 0; ; i++ {
			}
		}()
		ready()
		fmt.Println("got", <-c)
	}
}
