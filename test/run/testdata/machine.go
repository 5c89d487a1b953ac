package main

// System calls about files and the process.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

func check(what string, err error) { fmt.Println(what, err) }

func main() {
	dir, err := os.MkdirTemp("", "calls")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	limits()
	usage()
	owners(dir)
	descriptors(dir)
	locks(dir)
	vectors(dir)
	copies(dir)
	special(dir)
	masks(dir)
	own(dir)
}

func limits() {
	var a, b syscall.Rlimit
	check("getrlimit", syscall.Getrlimit(syscall.RLIMIT_NOFILE, &a))
	fmt.Println(a.Cur > 10, a.Cur <= a.Max)
	check("setrlimit", syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 64, Max: a.Max}))
	check("getrlimit", syscall.Getrlimit(syscall.RLIMIT_NOFILE, &b))
	fmt.Println(b.Cur, b.Max == a.Max)
	var open []*os.File
	for len(open) < 100 {
		f, err := os.Open("/dev/null")
		if err != nil {
			check("open", errors.Unwrap(err))
			break
		}
		open = append(open, f)
	}
	fmt.Println(len(open) > 30 && len(open) < 64)
	for _, f := range open {
		f.Close()
	}
	check("setrlimit", syscall.Setrlimit(syscall.RLIMIT_NOFILE, &a))
	check("setrlimit", syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 65, Max: 64}))
	check("getrlimit", syscall.Getrlimit(99, &a))
}

func usage() {
	var u syscall.Rusage
	check("getrusage", syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	fmt.Println(u.Utime.Nano()+u.Stime.Nano() > 0, u.Maxrss > 1000)
	check("getrusage", syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u))
	check("getrusage", syscall.Getrusage(7, &u))
	var t syscall.Tms
	n, err := syscall.Times(&t)
	fmt.Println("times", n > 0, err)
	var s syscall.Sysinfo_t
	check("sysinfo", syscall.Sysinfo(&s))
	fmt.Println(s.Uptime > 0, s.Totalram*uint64(s.Unit) > 1<<27, s.Procs > 0)
	var name syscall.Utsname
	check("uname", syscall.Uname(&name))
	for i, field := range [][65]int8{name.Sysname, name.Nodename, name.Release, name.Version, name.Domainname} {
		known, _ := os.ReadFile("/proc/sys/kernel/" + []string{"ostype", "hostname", "osrelease", "version", "domainname"}[i])
		fmt.Println(text(field) == strings.TrimSpace(string(known)))
	}
	fmt.Println(text(name.Machine))
	p, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	fmt.Println("getpriority", p > 0, err)
	groups, err := syscall.Getgroups()
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "Groups:")
	line, _, _ := strings.Cut(after, "\n")
	fmt.Println("getgroups", len(groups) == len(strings.Fields(line)), err)
	fmt.Println(syscall.Getpgrp() > 0)
	pg, err := syscall.Getpgid(0)
	fmt.Println(pg == syscall.Getpgrp(), err)
	var set [128]byte
	r, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, uintptr(len(set)), uintptr(unsafe.Pointer(&set)))
	bits := 0
	for _, b := range set {
		for ; b != 0; b &= b - 1 {
			bits++
		}
	}
	fmt.Println("affinity", r%8, bits == runtime.NumCPU(), errno)
}

func text(field [65]int8) string {
	var b []byte
	for _, c := range field {
		if c == 0 {
			break
		}
		b = append(b, byte(c))
	}
	return string(b)
}

func owners(dir string) {
	name := filepath.Join(dir, "owned")
	os.WriteFile(name, []byte("owned"), 0o644)
	os.Symlink("nothing", filepath.Join(dir, "link"))
	uid, gid := os.Getuid(), os.Getgid()
	check("chown", os.Chown(name, uid, gid))
	check("chown", os.Chown(name, -1, -1))
	check("lchown", os.Lchown(filepath.Join(dir, "link"), uid, gid))
	check("chown", errors.Unwrap(os.Chown(filepath.Join(dir, "link"), uid, gid)))
	f, _ := os.Open(name)
	check("fchown", f.Chown(uid, gid))
	check("fchmod", f.Chmod(0o600))
	check("sync", f.Sync())
	check("fdatasync", syscall.Fdatasync(int(f.Fd())))
	info, _ := f.Stat()
	fmt.Println(info.Mode(), info.Sys().(*syscall.Stat_t).Uid == uint32(uid))
	var a, b syscall.Statfs_t
	check("statfs", syscall.Statfs(dir, &a))
	check("fstatfs", syscall.Fstatfs(int(f.Fd()), &b))
	fmt.Println(a.Type == b.Type, a.Bsize, a.Blocks >= a.Bfree, a.Bfree >= a.Bavail, a.Namelen, a.Frsize, a.Files == b.Files)
	check("statfs", syscall.Statfs(dir+"/none", &a))
	f.Close()
	check("fsync", syscall.Fsync(int(77)))
	syscall.Sync()
	when := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
	check("chtimes", os.Chtimes(name, when, when))
	info, _ = os.Stat(name)
	fmt.Println(info.ModTime().UTC())
	for _, mode := range []uint32{0, 1, 2, 4, 6} {
		check("access", syscall.Access(name, mode))
	}
	check("access", syscall.Access(name+"x", 0))
}

func descriptors(dir string) {
	f, _ := os.Create(filepath.Join(dir, "dup"))
	check("dup2", syscall.Dup2(int(f.Fd()), 40))
	n, err := syscall.Write(40, []byte("forty"))
	fmt.Println(n, err)
	check("dup3", syscall.Dup3(40, 41, syscall.O_CLOEXEC))
	check("dup3", syscall.Dup3(40, 40, 0))
	check("dup2", syscall.Dup2(40, 40))
	check("dup2", syscall.Dup2(77, 78))
	off, err := syscall.Seek(41, 0, io.SeekCurrent)
	fmt.Println(off, err)
	for _, fd := range []int{40, 41, int(f.Fd())} {
		r, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0)
		fmt.Println("cloexec", r, errno)
		r, _, errno = syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFL, 0)
		fmt.Printf("flags %#o %d\n", r, errno)
	}
	syscall.Close(40)
	syscall.Close(41)
	f.Close()
	r, w, _ := os.Pipe()
	saved, _ := syscall.Dup(1)
	syscall.Dup2(int(w.Fd()), 1)
	fmt.Println("into the pipe")
	syscall.Dup2(saved, 1)
	syscall.Close(saved)
	w.Close()
	got, err := io.ReadAll(r)
	fmt.Printf("%q %v\n", got, err)
	// A descriptor that blocks.
	r, w, _ = os.Pipe()
	go func() {
		time.Sleep(20 * time.Millisecond)
		syscall.Write(int(w.Fd()), bytes.Repeat([]byte("x"), 200_000))
		w.Close()
	}()
	buf := make([]byte, 1000)
	n, err = syscall.Read(int(r.Fd()), buf)
	fmt.Println(n, err)
	rest, err := io.ReadAll(r)
	fmt.Println(len(rest), err)
	var p [2]int
	check("pipe2", syscall.Pipe2(p[:], syscall.O_NONBLOCK))
	n, err = syscall.Read(p[0], buf)
	fmt.Println(n, err)
}

func locks(dir string) {
	name := filepath.Join(dir, "lock")
	a, _ := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	b, _ := os.Open(name)
	fd := func(f *os.File) int { return int(f.Fd()) }
	check("exclusive", syscall.Flock(fd(a), syscall.LOCK_EX|syscall.LOCK_NB))
	check("again", syscall.Flock(fd(a), syscall.LOCK_EX|syscall.LOCK_NB))
	check("other", syscall.Flock(fd(b), syscall.LOCK_SH|syscall.LOCK_NB))
	check("share", syscall.Flock(fd(a), syscall.LOCK_SH))
	check("other", syscall.Flock(fd(b), syscall.LOCK_SH|syscall.LOCK_NB))
	check("exclusive", syscall.Flock(fd(a), syscall.LOCK_EX|syscall.LOCK_NB))
	check("unlock", syscall.Flock(fd(a), syscall.LOCK_UN))
	done := make(chan bool)
	go func() {
		check("waited", syscall.Flock(fd(a), syscall.LOCK_EX))
		close(done)
	}()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("closing")
	b.Close()
	<-done
	check("bad", syscall.Flock(fd(a), 0))
	check("bad", syscall.Flock(77, syscall.LOCK_EX))
	b, _ = os.Open(name)
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Start: 0, Len: 10}
	check("setlk", syscall.FcntlFlock(uintptr(fd(a)), syscall.F_SETLK, &lock))
	check("setlk", syscall.FcntlFlock(uintptr(fd(b)), syscall.F_SETLK, &lock))
	lock.Type = syscall.F_RDLCK
	check("setlk", syscall.FcntlFlock(uintptr(fd(b)), syscall.F_SETLKW, &lock))
	check("getlk", syscall.FcntlFlock(uintptr(fd(b)), syscall.F_GETLK, &lock))
	fmt.Println(lock.Type == syscall.F_UNLCK)
	const ofdGet, ofdSet, ofdWait = 36, 37, 38
	lock = syscall.Flock_t{Type: syscall.F_WRLCK, Start: 100, Len: 10}
	check("ofd", syscall.FcntlFlock(uintptr(fd(a)), ofdSet, &lock))
	lock = syscall.Flock_t{Type: syscall.F_RDLCK, Start: 105, Len: 1}
	check("ofd", syscall.FcntlFlock(uintptr(fd(b)), ofdSet, &lock))
	check("ofd", syscall.FcntlFlock(uintptr(fd(b)), ofdGet, &lock))
	fmt.Println(lock.Type == syscall.F_WRLCK, lock.Start, lock.Len, lock.Pid)
	lock = syscall.Flock_t{Type: syscall.F_UNLCK, Start: 102, Len: 5}
	check("ofd", syscall.FcntlFlock(uintptr(fd(a)), ofdSet, &lock))
	lock = syscall.Flock_t{Type: syscall.F_RDLCK, Start: 102, Len: 5}
	check("ofd", syscall.FcntlFlock(uintptr(fd(b)), ofdWait, &lock))
	lock = syscall.Flock_t{Type: syscall.F_RDLCK, Start: 107}
	check("ofd", syscall.FcntlFlock(uintptr(fd(b)), ofdSet, &lock))
	a.Close()
	check("ofd", syscall.FcntlFlock(uintptr(fd(b)), ofdSet, &lock))
	b.Close()
}

type iovec struct {
	base *byte
	n    uint64
}

func vectors(dir string) {
	f, _ := os.Create(filepath.Join(dir, "vectors"))
	one, two := []byte("hello, "), []byte("vectors")
	list := []iovec{{&one[0], 7}, {&two[0], 7}}
	call := func(what string, number, offset uintptr) {
		n, _, errno := syscall.Syscall6(number, f.Fd(), uintptr(unsafe.Pointer(&list[0])), 2, offset, 0, 0)
		fmt.Println(what, n, errno, string(one), string(two))
	}
	call("writev", syscall.SYS_WRITEV, 0)
	call("pwritev", syscall.SYS_PWRITEV, 3)
	f.Seek(0, 0)
	call("readv", syscall.SYS_READV, 0)
	call("preadv", syscall.SYS_PREADV, 10)
	call("readv", syscall.SYS_READV, 0)
	f.Close()
}

func copies(dir string) {
	from := filepath.Join(dir, "from")
	os.WriteFile(from, bytes.Repeat([]byte("0123456789"), 10_000), 0o644)
	a, _ := os.Open(from)
	b, _ := os.Create(filepath.Join(dir, "to"))
	n, err := io.Copy(b, a)
	fmt.Println(n, err)
	off := int64(5)
	w, err := syscall.Sendfile(int(b.Fd()), int(a.Fd()), &off, 10)
	fmt.Println(w, err, off)
	const copyFileRange = 326
	in, out := int64(3), int64(0)
	r, _, errno := syscall.Syscall6(copyFileRange, a.Fd(), uintptr(unsafe.Pointer(&in)), b.Fd(), uintptr(unsafe.Pointer(&out)), 4, 0)
	fmt.Println(r, errno, in, out)
	got, _ := os.ReadFile(b.Name())
	fmt.Println(len(got), string(got[:12]), string(got[100_000:]))
	check("fallocate", syscall.Fallocate(int(b.Fd()), 0, 0, 200_000))
	info, _ := b.Stat()
	fmt.Println(info.Size())
	a.Close()
	b.Close()
}

func special(dir string) {
	name := filepath.Join(dir, "fifo")
	check("mkfifo", syscall.Mkfifo(name, 0o640))
	check("mkfifo", syscall.Mkfifo(name, 0o640))
	info, _ := os.Lstat(name)
	fmt.Println(info.Mode())
	check("mknod", syscall.Mknod(filepath.Join(dir, "file"), syscall.S_IFREG|0o600, 0))
	info, _ = os.Lstat(filepath.Join(dir, "file"))
	fmt.Println(info.Mode(), info.Size())
	got := make(chan string)
	go func() {
		f, err := os.Open(name)
		if err != nil {
			panic(err)
		}
		all, err := io.ReadAll(f)
		f.Close()
		got <- fmt.Sprintf("%d %v", len(all), err)
	}()
	time.Sleep(10 * time.Millisecond)
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	for i := 0; i < 3; i++ {
		f.WriteString("a line\n")
		time.Sleep(5 * time.Millisecond)
	}
	n, err := f.Write(make([]byte, 300_000))
	fmt.Println(n, err)
	f.Close()
	fmt.Println(<-got)
	_, err = syscall.Open(name, syscall.O_WRONLY|syscall.O_NONBLOCK, 0)
	check("no reader", err)
	f, err = os.OpenFile(name, os.O_RDWR, 0)
	f.WriteString("both")
	buf := make([]byte, 10)
	n, err = f.Read(buf)
	fmt.Println(string(buf[:n]), err)
	f.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = f.Read(buf)
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	f.Close()
}

func masks(dir string) {
	old := syscall.Umask(0)
	syscall.Umask(old)
	fmt.Println(syscall.Umask(0) == old)
	mode := func(name string) fs.FileMode {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			panic(err)
		}
		return info.Mode()
	}
	os.WriteFile(filepath.Join(dir, "all"), nil, 0o666)
	os.Mkdir(filepath.Join(dir, "alldir"), 0o777)
	fmt.Println(mode("all"), mode("alldir"))
	fmt.Printf("%#o\n", syscall.Umask(0o077))
	os.WriteFile(filepath.Join(dir, "none"), nil, 0o666)
	os.Mkdir(filepath.Join(dir, "nonedir"), 0o777)
	os.WriteFile(filepath.Join(dir, "all"), nil, 0o600)
	fmt.Println(mode("none"), mode("nonedir"), mode("all"))
	syscall.Umask(old)
}

func own(dir string) {
	f, _ := os.Create(filepath.Join(dir, "own"))
	name, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	fmt.Println(name == f.Name(), err)
	f.WriteString("by its descriptor")
	got, err := os.ReadFile(fmt.Sprintf("/dev/fd/%d", f.Fd()))
	fmt.Println(string(got), err)
	f.Close()
	exe, err := os.Executable()
	fmt.Println(exe == os.Args[0], err)
	line, err := os.ReadFile("/proc/self/cmdline")
	fmt.Println(string(line) == os.Args[0]+"\x00", err)
	os.Symlink("sub/deep", filepath.Join(dir, "far"))
	os.MkdirAll(filepath.Join(dir, "sub/deep"), 0o755)
	os.WriteFile(filepath.Join(dir, "sub/here"), []byte("through the link"), 0o644)
	got, err = os.ReadFile(filepath.Join(dir, "far") + "/../here")
	fmt.Println(string(got), err)
	same, _ := os.OpenFile(filepath.Join(dir, "same"), os.O_CREATE|os.O_RDWR, 0o644)
	same.WriteString("onto itself")
	from, to := int64(0), int64(3)
	n, _, errno := syscall.Syscall6(326, same.Fd(), uintptr(unsafe.Pointer(&from)), same.Fd(), uintptr(unsafe.Pointer(&to)), 5, 0)
	fmt.Println(int(n), errno, from, to)
	to = 5
	n, _, errno = syscall.Syscall6(326, same.Fd(), uintptr(unsafe.Pointer(&from)), same.Fd(), uintptr(unsafe.Pointer(&to)), 5, 0)
	fmt.Println(int(n), errno, from, to)
	same.Close()
	_, _, errno = syscall.Syscall(syscall.SYS_PRCTL, syscall.PR_SET_KEEPCAPS, 1, 0)
	kept, _, _ := syscall.Syscall(syscall.SYS_PRCTL, syscall.PR_GET_KEEPCAPS, 0, 0)
	fmt.Println(errno, kept)
	os.Chdir(filepath.Join(dir, "far"))
	wd, err := syscall.Getwd()
	rel, _ := filepath.Rel(dir, wd)
	fmt.Println(rel, err)
	os.Chdir("/")
}
