// Standard input that comes late: other goroutines run meanwhile, and signals come.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	lines := make(chan string)
	go func() {
		s := bufio.NewScanner(os.Stdin)
		for s.Scan() {
			lines <- s.Text()
		}
		close(lines)
	}()
	fmt.Println("ready")
	for {
		select {
		case s := <-c:
			fmt.Println("signal", s)
		case l, ok := <-lines:
			if !ok {
				fmt.Println("end")
				return
			}
			fmt.Println("line", l)
		case <-time.After(500 * time.Millisecond):
			fmt.Println("nothing")
		}
	}
}
