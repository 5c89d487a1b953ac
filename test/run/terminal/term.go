package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

func ioctl(f *os.File, request uintptr, p unsafe.Pointer) syscall.Errno {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(p))
	return errno
}

// Prints what there is to know of its terminal, and turns echo off and on.
func main() {
	var modes, now syscall.Termios
	fmt.Println(ioctl(os.Stdout, syscall.TCGETS, unsafe.Pointer(&modes)))
	fmt.Printf("%#x %#x %#x %v\n", modes.Iflag, modes.Oflag, modes.Lflag, modes.Cc[:17])
	var size [4]uint16
	fmt.Println(ioctl(os.Stdout, syscall.TIOCGWINSZ, unsafe.Pointer(&size)), size)
	quiet := modes
	quiet.Lflag &^= syscall.ECHO
	quiet.Cc[syscall.VMIN] = 3
	fmt.Println(ioctl(os.Stdin, syscall.TCSETS, unsafe.Pointer(&quiet)))
	fmt.Println(ioctl(os.Stdin, syscall.TCGETS, unsafe.Pointer(&now)), now.Lflag == quiet.Lflag, now.Cc[syscall.VMIN])
	fmt.Println(ioctl(os.Stdin, syscall.TCSETS, unsafe.Pointer(&modes)))
	null, _ := os.Open(os.DevNull)
	fmt.Println(ioctl(null, syscall.TCGETS, unsafe.Pointer(&now)))
}
