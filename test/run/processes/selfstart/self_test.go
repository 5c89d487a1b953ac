package selfstart

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestHelper(t *testing.T) {
	if os.Getenv("HELPER") == "" {
		t.Skip()
	}
	fmt.Println("helped")
	os.Exit(5)
}

func TestStart(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelper$")
	cmd.Env = append(os.Environ(), "HELPER=1")
	out, err := cmd.Output()
	if string(out) != "helped\n" || fmt.Sprint(err) != "exit status 5" {
		t.Fatalf("%q %v", out, err)
	}
}

// What a child writes to the test's own output comes between what the test writes.
func TestOrder(t *testing.T) {
	fmt.Println("first")
	cmd := exec.Command("sh", "-c", "echo second; echo third >&2")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("fourth")
	if dir, _ := os.Getwd(); os.Getenv("PWD") != dir {
		t.Error(dir)
	}
}

func TestLog(t *testing.T) {
	if !testing.Testing() {
		t.Error("this is no test")
	}
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelper$", "-test.testlogfile="+log)
	cmd.Run()
	text, err := os.ReadFile(log)
	if want := "# test log\ngetenv HELPER\n"; err != nil || string(text) != want {
		t.Errorf("%q %v", text, err)
	}
}
