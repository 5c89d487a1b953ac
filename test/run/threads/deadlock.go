package main

import "time"

func main() {
	c := make(chan int)
	go func() {
		time.Sleep(5 * time.Millisecond)
		<-c
	}()
	<-c
}
