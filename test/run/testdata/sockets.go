package main

// Sockets within one program: what the machine's own would do.
import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	return v
}

// text is an error without the ports that differ from run to run.
func text(err error, addrs ...net.Addr) string {
	if err == nil {
		return "<nil>"
	}
	s := err.Error()
	for i, a := range addrs {
		s = strings.ReplaceAll(s, a.String(), fmt.Sprint("ADDR", i))
	}
	return s
}

func pairOf(network, address string) (client, server net.Conn, ln net.Listener) {
	ln = must(net.Listen(network, address))
	done := make(chan net.Conn)
	go func() { done <- must(ln.Accept()) }()
	client = must(net.Dial(network, ln.Addr().String()))
	return client, <-done, ln
}

func streams(network, address string) {
	c, s, ln := pairOf(network, address)
	fmt.Println(network, c.RemoteAddr().String() == ln.Addr().String() || network == "unix", c.LocalAddr().Network(), s.RemoteAddr().String() == c.LocalAddr().String())
	// More than a connection holds, in both directions at once.
	var wg sync.WaitGroup
	const size = 3 << 20
	for _, conn := range []net.Conn{c, s} {
		wg.Add(2)
		go func() {
			defer wg.Done()
			n, err := conn.Write(make([]byte, size))
			fmt.Fprintln(io.Discard, n, err)
			if n != size {
				fmt.Println("short write", n, err)
			}
		}()
		go func() {
			defer wg.Done()
			if n, err := io.CopyN(io.Discard, conn, size); n != size {
				fmt.Println("short read", n, err)
			}
		}()
	}
	wg.Wait()
	// Deadlines.
	c.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	fmt.Println("deadline", os.IsTimeout(err), errors.Is(err, os.ErrDeadlineExceeded))
	c.SetReadDeadline(time.Time{})
	c.SetWriteDeadline(time.Now().Add(5 * time.Millisecond))
	for err = nil; err == nil; {
		_, err = c.Write(make([]byte, 1<<16))
	}
	fmt.Println("full", errors.Is(err, os.ErrDeadlineExceeded))
	// Half of it closed.
	drained := make(chan error)
	go func() {
		_, err := io.Copy(io.Discard, s)
		drained <- err
	}()
	c.SetWriteDeadline(time.Time{})
	c.(interface{ CloseWrite() error }).CloseWrite()
	_, err = c.Write([]byte("x"))
	fmt.Println("shut", errors.Is(err, syscall.EPIPE))
	fmt.Println("drained", <-drained)
	s.Close()
	n, err := c.Read(make([]byte, 1))
	fmt.Println("end", n, err)
	c.Close()
	_, err = c.Read(make([]byte, 1))
	fmt.Println("closed", errors.Is(err, net.ErrClosed))
	// A listener that is closed.
	failed := make(chan error)
	go func() {
		_, err := ln.Accept()
		failed <- err
	}()
	time.Sleep(time.Millisecond)
	ln.Close()
	fmt.Println(text(<-failed, ln.Addr()))
	_, err = net.Dial(network, ln.Addr().String())
	fmt.Println(text(err, ln.Addr()))
}

func main() {
	streams("tcp", "127.0.0.1:0")
	streams("tcp", "[::1]:0")
	dir := must(os.MkdirTemp("", "sockets"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	_, _, ln := pairOf("unix", path)
	fmt.Println(must(os.Stat(path)).Mode().Type())
	os.WriteFile(filepath.Join(dir, "file"), nil, 0o600)
	fmt.Println(must(os.ReadDir(dir)))
	_, err := net.Listen("unix", path)
	fmt.Println(text(err, ln.Addr()))
	ln.Close()
	_, err = os.Stat(path)
	fmt.Println(os.IsNotExist(err))
	os.Chdir(dir)
	streams("unix", "name.sock")
	// The system likes to give the number of a file that is gone to the next one.
	ln = must(net.Listen("unix", "gone"))
	os.Remove("gone")
	os.WriteFile("gone", nil, 0o600)
	fmt.Println("file:", must(os.Stat("gone")).Mode().Type() == 0)
	_, err = net.Dial("unix", "gone")
	fmt.Println(text(err))
	ln.Close()

	// What both ends lose.
	c, s, ln := pairOf("tcp4", ":0")
	c.Write([]byte("unread"))
	time.Sleep(time.Millisecond)
	s.Close()
	_, err = c.Read(make([]byte, 1))
	fmt.Println("reset", errors.Is(err, syscall.ECONNRESET))
	_, err = net.Listen("tcp4", ln.Addr().String())
	fmt.Println(text(err, ln.Addr()))
	_, err = net.Listen("tcp", "192.0.2.1:0")
	fmt.Println(text(err))
	ln.Close()

	// Another descriptor for the same.
	c, s, _ = pairOf("tcp4", "localhost:0")
	f := must(c.(*net.TCPConn).File())
	c.Close()
	fmt.Fprint(f, "by file")
	buf := make([]byte, 100)
	fmt.Println(string(buf[:must(s.Read(buf))]))
	copied := must(net.FileConn(f))
	f.Close()
	fmt.Fprint(s, "back")
	fmt.Println(string(buf[:must(copied.Read(buf))]))
	raw := must(copied.(syscall.Conn).SyscallConn())
	raw.Control(func(fd uintptr) {
		fmt.Println(syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TYPE))
	})

	// Datagrams.
	a := must(net.ListenPacket("udp", "127.0.0.1:0"))
	b := must(net.Dial("udp", a.LocalAddr().String()))
	b.Write([]byte("first"))
	b.Write([]byte("second"))
	n, from := 0, net.Addr(nil)
	n, from, _ = a.ReadFrom(buf[:3])
	fmt.Println(string(buf[:n]), from.String() == b.LocalAddr().String())
	a.WriteTo([]byte("answer"), from)
	fmt.Println(string(buf[:must(b.Read(buf))]))
	n, _, _, from2, err := a.(*net.UDPConn).ReadMsgUDP(buf, nil)
	fmt.Println(string(buf[:n]), from2.String() == from.String(), err)
	a.Close()
	b.Write([]byte("nobody"))
	_, err = b.Read(buf)
	fmt.Println("refused", errors.Is(err, syscall.ECONNREFUSED))

	pair := must(syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0))
	syscall.Write(pair[0], []byte("pair"))
	n, err = syscall.Read(pair[1], buf)
	fmt.Println(string(buf[:n]), err)
	_, err = syscall.Getpeername(1)
	fmt.Println(err)
	_, err = net.Dial("unix", filepath.Join(dir, "nothing"))
	fmt.Println(errors.Is(err, os.ErrNotExist))
}
