// Nested slices of floats.
package main

import "fmt"

func matrix(n int, seed float64) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = seed * float64(i-j) * float64(i+j)
		}
	}
	return m
}

func multiply(a, b [][]float64) [][]float64 {
	n := len(a)
	c := matrix(n, 0)
	for i := range n {
		for k := range n {
			x := a[i][k]
			row, out := b[k], c[i]
			for j := range row {
				out[j] += x * row[j]
			}
		}
	}
	return c
}

func main() {
	n := 900
	a, b := matrix(n, 1.0/float64(n)), matrix(n, 2.0/float64(n))
	for range 3 {
		a = multiply(a, b)
		for i := range a {
			for j := range a[i] {
				a[i][j] /= 1e3
			}
		}
	}
	fmt.Printf("%.6g\n", a[n/2][n/3])
}
