// Programs that get signals.
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
	fmt.Println("ready")
	switch os.Args[1] {
	case "sleep":
		time.Sleep(10 * time.Second)
	case "spin":
		for {
		}
	case "spincount":
		n := 0
		for i := 0; i < 1e12; i++ {
			n += i
		}
		fmt.Println(n)
	case "chan":
		go func() { time.Sleep(10 * time.Second) }()
		<-make(chan int)
	case "notify":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGQUIT)
		for range 2 {
			fmt.Println("got", <-c)
		}
		signal.Stop(c)
		signal.Reset()
		syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
		time.Sleep(time.Second)
		fmt.Println("not reached")
	case "context":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		<-ctx.Done()
		fmt.Println("done", ctx.Err(), context.Cause(ctx))
	case "ignore":
		signal.Ignore(os.Interrupt)
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
		fmt.Println("got", <-c)
	}
}
