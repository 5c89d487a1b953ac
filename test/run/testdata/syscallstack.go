package main

// System calls write where their callers' frames are, however little of the stack is left.
import (
	"fmt"
	"runtime"
	"syscall"
)

//go:noinline
func look(depth int) bool {
	var pad [40]byte
	if depth > 0 {
		pad[depth%40] = 1
		return look(depth-1) && pad[depth%40] == 1
	}
	var st syscall.Stat_t
	if err := syscall.Stat("/", &st); err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFDIR {
		return false
	}
	var wd [100]byte
	n, err := syscall.Getcwd(wd[:])
	return err == nil && n > 0 && wd[0] == '/'
}

func deep(n int) int {
	var pad [100]byte
	if n == 0 {
		return int(pad[3])
	}
	return deep(n-1) + int(pad[n%100])
}

//go:noinline
func waiting(fd int) string {
	var b [64]byte
	n, err := syscall.Read(fd, b[:])
	if err != nil {
		return err.Error()
	}
	return string(b[:n])
}

func main() {
	bad := 0
	for depth := range 400 {
		done := make(chan bool)
		go func() { done <- look(depth) }()
		if !<-done {
			bad++
		}
	}
	fmt.Println("lost:", bad)

	// Nor does a stack become smaller while a call waits.
	var fds [2]int
	if err := syscall.Pipe(fds[:]); err != nil {
		fmt.Println(err)
		return
	}
	got := make(chan string)
	go func() {
		deep(500)
		got <- waiting(fds[0])
	}()
	for range 10 {
		runtime.Gosched()
		runtime.GC()
	}
	syscall.Write(fds[1], []byte("came"))
	fmt.Println(<-got)
}
