// A program and others on the machine's network: the first argument is where one answers in capitals, the second where one
// ends a connection abruptly when something comes, the third where nobody is, the fourth where one sends datagrams back.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

func main() {
	capitals, resets, nobody, datagrams := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	dial(capitals)
	large(capitals)
	wait(capitals)
	blocking(capitals)
	failures(capitals, resets, nobody)
	udp(datagrams, nobody)
	serve()
	packets()
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	return v
}

func dial(capitals string) {
	c := must(net.Dial("tcp", capitals)).(*net.TCPConn)
	fmt.Println(c.RemoteAddr().String() == capitals, c.LocalAddr().(*net.TCPAddr).IP, c.LocalAddr().(*net.TCPAddr).Port > 0)
	fmt.Fprint(c, "to another program")
	fmt.Println(c.CloseWrite())
	b, err := io.ReadAll(c)
	fmt.Printf("%s %v\n", b, err)
	fmt.Println(c.Close(), c.Close() != nil)
}

func large(capitals string) {
	c := must(net.Dial("tcp", capitals)).(*net.TCPConn)
	text := strings.Repeat("large and ", 400_000)
	go func() {
		io.WriteString(c, text)
		c.CloseWrite()
	}()
	time.Sleep(50 * time.Millisecond) // nobody reads what comes back
	b, err := io.ReadAll(c)
	fmt.Println(len(b), bytes.Equal(b, []byte(strings.ToUpper(text))), err)
	c.Close()
}

func wait(capitals string) {
	c := must(net.Dial("tcp", capitals))
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	c.SetReadDeadline(time.Time{})
	go func() {
		time.Sleep(20 * time.Millisecond)
		c.Close()
	}()
	_, err = c.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, net.ErrClosed))
}

// A socket that blocks.
func blocking(capitals string) {
	to := must(net.ResolveTCPAddr("tcp", capitals))
	s := must(syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	fmt.Println(syscall.Connect(s, &syscall.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())}))
	fmt.Println(syscall.Write(s, []byte("blocks")))
	b := make([]byte, 6)
	n, err := syscall.Read(s, b)
	fmt.Printf("%s %v\n", b[:n], err)
	fmt.Println(syscall.Close(s))
}

func failures(capitals, resets, nobody string) {
	_, err := net.Dial("tcp", nobody)
	fmt.Println(strings.ReplaceAll(err.Error(), nobody, "nobody"), errors.Is(err, syscall.ECONNREFUSED))
	_, err = net.Listen("tcp", capitals)
	fmt.Println(strings.ReplaceAll(err.Error(), capitals, "capitals"), errors.Is(err, syscall.EADDRINUSE))
	c := must(net.Dial("tcp", resets))
	c.Write([]byte("x"))
	_, err = c.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, syscall.ECONNRESET))
	_, err = c.Read(make([]byte, 1))
	fmt.Println(err)
	c.Close()
}

func udp(datagrams, nobody string) {
	c := must(net.Dial("udp", datagrams))
	b := make([]byte, 100)
	for _, text := range []string{"one", "", "three"} {
		c.Write([]byte(text))
		n, err := c.Read(b)
		fmt.Printf("%q %v\n", b[:n], err)
	}
	c.Close()
	c = must(net.Dial("udp", nobody))
	c.Write([]byte("x"))
	_, err := c.Read(b)
	fmt.Println(errors.Is(err, syscall.ECONNREFUSED))
	c.Close()
	// Whether there is a way depends on the machine, but not that there is an answer.
	c, err = net.Dial("udp", "[2001:db8::1]:9")
	fmt.Println(err == nil || errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL))
	p := must(net.ListenPacket("udp", "127.0.0.1:0"))
	p.WriteTo([]byte("unbound"), must(net.ResolveUDPAddr("udp", datagrams)))
	n, from, err := p.ReadFrom(b)
	fmt.Printf("%q %v %v\n", b[:n], from.String() == datagrams, err)
	p.Close()
}

// serve tells where it can be reached, and talks to one after the other.
func serve() {
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Println("tcp", l.Addr())
	for range 2 {
		c := must(l.Accept())
		b, err := io.ReadAll(c)
		fmt.Printf("%q %v\n", b, err)
		fmt.Fprintf(c, "you said %s", b)
		c.Close()
	}
	// From within it is the same place.
	go func() {
		c := must(net.Dial("tcp", l.Addr().String()))
		fmt.Fprint(c, "from within")
		c.Close()
	}()
	c := must(l.Accept())
	b, err := io.ReadAll(c)
	fmt.Printf("%q %v\n", b, err)
	fmt.Println(l.Close())
	_, err = net.Dial("tcp", l.Addr().String())
	fmt.Println(errors.Is(err, syscall.ECONNREFUSED))
}

func packets() {
	p := must(net.ListenPacket("udp4", "127.0.0.1:0"))
	fmt.Println("udp", p.LocalAddr())
	b := make([]byte, 100)
	n, from, err := p.ReadFrom(b)
	fmt.Printf("%q %v\n", b[:n], err)
	p.WriteTo([]byte("you said "+string(b[:n])), from)
	// A listener is still there when the program ends, and what was sent is not there yet.
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Println("slow", l.Addr())
	c := must(l.Accept())
	c.Write(make([]byte, 20_000_000))
	os.Exit(4)
}
