// What a program in a sandbox gets of the machine: nothing but its standard streams, and what is within itself.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

func main() {
	place := func(name string) string { return filepath.Join(os.Args[1], name) }
	say := func(what string, err error) { fmt.Println(what, err) }

	fmt.Println(os.Environ(), len(os.Args))
	_, err := os.ReadFile(os.Args[2])
	say("read", err.(*os.PathError).Err)
	say("write", os.WriteFile(place("file"), nil, 0o600).(*os.PathError).Err)
	say("directory", os.Mkdir(place("directory"), 0o700).(*os.PathError).Err)
	say("link", os.Symlink(os.Args[2], place("link")).(*os.LinkError).Err)
	say("hard link", os.Link(os.Args[2], place("hard")).(*os.LinkError).Err)
	say("remove", os.Remove(os.Args[2]).(*os.PathError).Err)
	say("rename", os.Rename(os.Args[2], place("renamed")).(*os.LinkError).Err)
	say("mode", os.Chmod(os.Args[2], 0).(*os.PathError).Err)
	say("owner", os.Chown(os.Args[2], 1, 1).(*os.PathError).Err)
	say("fifo", syscall.Mkfifo(place("fifo"), 0o600))
	say("node", syscall.Mknod(place("node"), syscall.S_IFIFO|0o600, 0))
	say("file system", syscall.Statfs("/", new(syscall.Statfs_t)))
	for _, name := range []string{"/proc/self/environ", "/proc/self/exe", "/proc/1/cmdline", "/dev/fd/0", "/dev/tty"} {
		_, err := os.Open(name)
		say(name, err.(*os.PathError).Err)
	}
	host, err := os.Hostname()
	fmt.Println(host, err)
	groups, err := os.Getgroups()
	fmt.Println(groups, err)
	say("priority", syscall.Setpriority(syscall.PRIO_PROCESS, os.Getppid(), 1))
	_, err = syscall.Getpgid(1)
	say("group of another process", err)
	say("signal", syscall.Kill(os.Getppid(), 0))

	input, err := io.ReadAll(os.Stdin)
	fmt.Printf("%q %v\n", input, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	say("listen", err)
	go func() {
		c, _ := l.Accept()
		fmt.Fprint(c, "within the program")
		c.Close()
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	say("dial", err)
	got, err := io.ReadAll(c)
	fmt.Println(string(got), err)
	r, w, err := os.Pipe()
	say("pipe", err)
	fmt.Fprint(w, "through a pipe")
	w.Close()
	got, err = io.ReadAll(r)
	fmt.Println(string(got), err)
}
