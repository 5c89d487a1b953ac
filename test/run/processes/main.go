// Processes that a program starts: what it gives them, what it gets back, and how they end.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "child":
			child(os.Args[2:])
		case "input":
			input()
		case "leave":
			leave()
		case "left":
			fmt.Println("left alone")
		}
		return
	}
	dir, _ := os.MkdirTemp("", "processes")
	outputs()
	failures(dir)
	pipes(dir)
	files(dir)
	signals()
	raw()
	itself()
	os.RemoveAll(dir)
	fmt.Println(syscall.Exec("/bin/none", []string{"x"}, nil))
	syscall.Exec("/bin/sh", []string{"sh", "-c", "echo replaced $A; exit 9"}, []string{"A=b"})
}

func outputs() {
	out, err := exec.Command("echo", "hello", "world").Output()
	fmt.Printf("%q %v\n", out, err)
	out, err = exec.Command("sh", "-c", "echo out; echo err >&2; echo again > /dev/stderr; exit 3").CombinedOutput()
	fmt.Printf("%q %v\n", out, err)
	var failed *exec.ExitError
	fmt.Println(errors.As(err, &failed), failed.ExitCode(), failed.Exited(), failed.Success())
	c := exec.Command("pwd")
	c.Dir = "/usr"
	out, err = c.Output()
	fmt.Printf("%q %v\n", out, err)
	c = exec.Command("sh", "-c", "echo $A-$B")
	c.Env = []string{"A=1", "B=two=2"}
	out, err = c.Output()
	fmt.Printf("%q %v\n", out, err)
	c = exec.Command("sh", "-c", "echo to my own output")
	c.Stdout = os.Stdout
	fmt.Println("before")
	fmt.Println(c.Run())
	old := syscall.Umask(027)
	out, err = exec.Command("sh", "-c", "umask; test $PPID = "+fmt.Sprint(os.Getpid())).Output()
	fmt.Printf("%q %v\n", out, err)
	syscall.Umask(old)
}

func failures(dir string) {
	_, err := exec.Command("/no/such/program").Output()
	fmt.Println(err, errors.Is(err, os.ErrNotExist))
	_, err = exec.Command("no-such-program").Output()
	fmt.Println(err, errors.Is(err, exec.ErrNotFound))
	_, err = exec.Command("/etc/passwd").Output()
	fmt.Println(err, errors.Is(err, os.ErrPermission))
	fmt.Println(exec.Command("/etc").Run())
	text := filepath.Join(dir, "text")
	os.WriteFile(text, []byte("echo no format\n"), 0o755)
	fmt.Println(errors.Is(exec.Command(text).Run(), syscall.ENOEXEC))
	os.WriteFile(text, []byte("#!/no/such/interpreter\n"), 0o755)
	fmt.Println(errors.Is(exec.Command(text).Run(), os.ErrNotExist))
	c := exec.Command("pwd")
	c.Dir = "/no/such/directory"
	fmt.Println(c.Run())
}

func pipes(dir string) {
	c := exec.Command("tr", "a-z", "A-Z")
	c.Stdin = strings.NewReader(strings.Repeat("abc\n", 100_000))
	out, err := c.Output()
	fmt.Println(len(out), bytes.Count(out, []byte("ABC\n")), err)

	c = exec.Command("cat")
	in, _ := c.StdinPipe()
	from, _ := c.StdoutPipe()
	fmt.Println(c.Start())
	buf := make([]byte, 100)
	for i := range 3 {
		fmt.Fprintf(in, "line %d\n", i)
		n, err := from.Read(buf)
		fmt.Printf("%q %v\n", buf[:n], err)
	}
	in.Close()
	n, err := from.Read(buf)
	fmt.Println(n, err, c.Wait(), c.ProcessState)

	// A reader that waits before the pipe is given away, and what was written before.
	r, w, _ := os.Pipe()
	r2, w2, _ := os.Pipe()
	all := make(chan string)
	go func() {
		b, err := io.ReadAll(r)
		all <- fmt.Sprintf("%q %v", b, err)
	}()
	time.Sleep(10 * time.Millisecond)
	w2.WriteString("from the parent\n")
	c = exec.Command("sh", "-c", "echo extra >&3; cat <&4 >&3")
	c.ExtraFiles = []*os.File{w, r2}
	fmt.Println(c.Start())
	w.Close()
	r2.Close()
	w2.WriteString("and more\n")
	w2.Close()
	fmt.Println(<-all)
	fmt.Println(c.Wait())

	// The child alone reads what the program could, too.
	r, w, _ = os.Pipe()
	c = exec.Command("sh", "-c", "sleep 0.1; cat")
	c.Stdin = r
	c.Stdout = os.Stdout
	fmt.Println(c.Start())
	w.WriteString("for the child\n")
	time.Sleep(50 * time.Millisecond)
	w.Close()
	fmt.Println(c.Wait())
	n, err = r.Read(buf)
	fmt.Println(n, err)

	// What is there when a pipe is opened.
	name := filepath.Join(dir, "pipe")
	fmt.Println(syscall.Mkfifo(name, 0o600))
	w, err = os.OpenFile(name, os.O_RDWR, 0)
	fmt.Println(err)
	w.WriteString("there\n")
	r, err = os.Open(name)
	fmt.Println(err)
	w.WriteString("and more\n")
	c = exec.Command("cat")
	c.Stdin = r
	c.Stdout = os.Stdout
	err = c.Start()
	w.Close()
	fmt.Println(err, c.Wait())
	n, err = r.Read(buf)
	fmt.Println(n, err)
}

// What a program has not taken of its input is for its children.
func input() {
	b := make([]byte, 1)
	for b[0] != '\n' {
		os.Stdin.Read(b)
		os.Stdout.Write(b)
	}
	for _, command := range []string{"read line; echo $line", "cat"} {
		c := exec.Command("sh", "-c", command)
		c.Stdin = os.Stdin
		c.Stdout = os.Stdout
		fmt.Println(c.Run())
	}
	fmt.Println(os.Stdin.Read(b))
}

// A program that has ended leaves the children alone that it has made of itself.
func leave() {
	c := exec.Command(os.Args[0], "left")
	c.Stdout = os.Stdout
	if err := c.Start(); err != nil {
		fmt.Println(err)
	}
}

// What a file and a child's output have in common is where they stand.
func files(dir string) {
	f, _ := os.Create(filepath.Join(dir, "file"))
	f.WriteString("one\n")
	c := exec.Command("echo", "two")
	c.Stdout = f
	fmt.Println(c.Run())
	f.WriteString("three\n")
	at, _ := f.Seek(0, io.SeekCurrent)
	f.Seek(0, io.SeekStart)
	b, _ := io.ReadAll(f)
	fmt.Printf("%d %q\n", at, b)
	f.Seek(4, io.SeekStart)
	c = exec.Command("head", "-c", "3")
	c.Stdin = f
	out, err := c.Output()
	fmt.Printf("%q %v\n", out, err)
	f.Close()
}

func signals() {
	ctx, cancel := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, "sleep", "60")
	fmt.Println(c.Start())
	time.AfterFunc(30*time.Millisecond, cancel)
	err := c.Wait()
	fmt.Println(err, ctx.Err())

	c = exec.Command("sleep", "60")
	c.Start()
	c.Process.Signal(syscall.SIGTERM)
	err = c.Wait()
	fmt.Println(err, c.ProcessState.ExitCode(), c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	fmt.Println(c.Process.Signal(syscall.SIGTERM))

	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGCHLD)
	c = exec.Command("sh", "-c", "sleep 60 & sleep 60; echo not reached")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Stdout = os.Stdout
	fmt.Println(c.Start())
	group, err := syscall.Getpgid(c.Process.Pid)
	fmt.Println(group == c.Process.Pid, err)
	fmt.Println(syscall.Kill(-group, syscall.SIGKILL), c.Wait(), <-ended)
	signal.Stop(ended)
}

func raw() {
	r, w, _ := os.Pipe()
	attr := &syscall.ProcAttr{Files: []uintptr{r.Fd(), 1, 2}}
	pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", "read word; kill -9 $$"}, attr)
	fmt.Println(err)
	r.Close()
	var status syscall.WaitStatus
	p, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	fmt.Println(p, err)
	w.Close()
	p, err = syscall.Wait4(-1, &status, 0, nil)
	fmt.Println(p == pid, err, status.Signaled(), status.Signal())
	_, err = syscall.Wait4(-1, &status, 0, nil)
	fmt.Println(err)
	process, err := os.StartProcess("/bin/sh", []string{"sh", "-c", "head -c 300000 /dev/zero; exit 4"}, &os.ProcAttr{})
	fmt.Println(err)
	state, err := process.Wait()
	fmt.Println(state, err, state.Pid() == process.Pid)
}

func itself() {
	c := exec.Command(os.Args[0], "child", "a", "b c")
	c.Env = append(os.Environ(), "WORD=y")
	c.Stdin = strings.NewReader("input\n")
	r, w, _ := os.Pipe()
	c.ExtraFiles = []*os.File{w}
	var errs strings.Builder
	c.Stderr = &errs
	out, err := c.Output()
	w.Close()
	extra, _ := io.ReadAll(r)
	fmt.Printf("%q %q %q %v\n", out, errs.String(), extra, err)
	program, err := os.Executable()
	fmt.Println(program == os.Args[0], err)
	info, err := os.Stat(program)
	fmt.Println(info.Mode()&0o100 != 0, err)
	out, err = exec.Command("sh", "-c", "echo from the shell | '"+program+"' child q 3>/dev/null 2>&1").Output()
	fmt.Printf("%q %v\n", out, err)

	// Standard input that does not block.
	r, w, _ = os.Pipe()
	c = exec.Command(program, "child", "unblocked")
	c.Stdin = r
	c.Stdout = os.Stdout
	c.Stderr = os.Stderr
	started, ready, _ := os.Pipe()
	c.ExtraFiles = []*os.File{ready}
	fmt.Println(c.Start())
	started.Read(make([]byte, 1))
	io.WriteString(w, "late")
	fmt.Println(c.Wait())
}

func unblocked() {
	syscall.SetNonblock(0, true)
	bytes := make([]byte, 10)
	_, err := syscall.Read(0, bytes)
	fmt.Println(err)
	in := os.NewFile(0, "in")
	fmt.Println(in.SetReadDeadline(time.Now().Add(time.Millisecond)))
	_, err = in.Read(bytes)
	fmt.Println(err)
	in.SetReadDeadline(time.Time{})
	os.NewFile(3, "ready").Write([]byte("!"))
	n, err := in.Read(bytes)
	fmt.Printf("%q %v\n", bytes[:n], err)
}

func child(args []string) {
	if args[0] == "unblocked" {
		unblocked()
		return
	}
	fmt.Println("child", args, os.Getenv("WORD"))
	io.Copy(os.Stdout, os.Stdin)
	fmt.Fprintln(os.NewFile(3, "extra"), "from the child")
	os.Stdout.Close()
	fmt.Fprintln(os.Stderr, "after its output")
	os.Exit(7)
}
