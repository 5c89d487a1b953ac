package main

// Files and pipes belong to the first thread; the others have it do what they want of them.

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

func main() {
	dir, err := os.MkdirTemp("", "threads")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := 0; i < 6; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := 0; k < 10; k++ {
				name := filepath.Join(dir, fmt.Sprintf("f%d-%d", i, k))
				f, err := os.Create(name)
				if err != nil {
					panic(err)
				}
				w := bufio.NewWriter(f)
				for j := 0; j < 1000; j++ {
					fmt.Fprintln(w, i, k, j)
				}
				w.Flush()
				f.Close()
				data, err := os.ReadFile(name)
				if err != nil {
					panic(err)
				}
				mu.Lock()
				total += len(data)
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	fmt.Println(total)
	r, w, _ := os.Pipe()
	go func() {
		for i := 0; i < 100; i++ {
			fmt.Fprintln(w, i)
		}
		w.Close()
	}()
	n := 0
	for s := bufio.NewScanner(r); s.Scan(); n++ {
	}
	fmt.Println(n)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		fmt.Println("in", in.Text())
	}
	defer fmt.Println("not printed")
	go os.Exit(3)
	select {}
}
