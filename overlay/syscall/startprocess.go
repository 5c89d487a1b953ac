// Starting processes, in place of exec_linux.go: there is no fork here, so the host is told what the child is to be like.

package syscall

import "unsafe"

// Flags of clone(2) and unshare(2).
const (
	CLONE_NEWTIME        = 0x80
	CLONE_VM             = 0x100
	CLONE_FS             = 0x200
	CLONE_FILES          = 0x400
	CLONE_SIGHAND        = 0x800
	CLONE_PIDFD          = 0x1000
	CLONE_PTRACE         = 0x2000
	CLONE_VFORK          = 0x4000
	CLONE_PARENT         = 0x8000
	CLONE_THREAD         = 0x10000
	CLONE_NEWNS          = 0x20000
	CLONE_SYSVSEM        = 0x40000
	CLONE_SETTLS         = 0x80000
	CLONE_PARENT_SETTID  = 0x100000
	CLONE_CHILD_CLEARTID = 0x200000
	CLONE_DETACHED       = 0x400000
	CLONE_UNTRACED       = 0x800000
	CLONE_CHILD_SETTID   = 0x1000000
	CLONE_NEWCGROUP      = 0x2000000
	CLONE_NEWUTS         = 0x4000000
	CLONE_NEWIPC         = 0x8000000
	CLONE_NEWUSER        = 0x10000000
	CLONE_NEWPID         = 0x20000000
	CLONE_NEWNET         = 0x40000000
	CLONE_IO             = 0x80000000
	CLONE_CLEAR_SIGHAND  = 0x100000000
	CLONE_INTO_CGROUP    = 0x200000000
)

// SysProcIDMap is a range of user or group IDs of a namespace.
type SysProcIDMap struct {
	ContainerID int
	HostID      int
	Size        int
}

// SysProcAttr is what only Linux has to say about a child. Of this, Setsid, Setpgid with a Pgid of 0, Credential without
// Groups and Pdeathsig can be had; a child is not started if it asks for anything else.
type SysProcAttr struct {
	Chroot                     string
	Credential                 *Credential
	Ptrace                     bool
	Setsid                     bool
	Setpgid                    bool
	Setctty                    bool
	Noctty                     bool
	Ctty                       int
	Foreground                 bool
	Pgid                       int
	Pdeathsig                  Signal
	Cloneflags                 uintptr
	Unshareflags               uintptr
	UidMappings                []SysProcIDMap
	GidMappings                []SysProcIDMap
	GidMappingsEnableSetgroups bool
	AmbientCaps                []uintptr
	UseCgroupFD                bool
	CgroupFD                   int
	PidFD                      *int
}

// What capget(2) takes and gives, for faccessat.
type caps struct {
	hdr struct {
		version uint32
		pid     int32
	}
	data [2]struct{ effective, permitted, inheritable uint32 }
}

const _LINUX_CAPABILITY_VERSION_3 = 0x20080522

func capToIndex(c uintptr) uintptr { return c / 32 }
func capToMask(c uintptr) uint32   { return 1 << (c % 32) }

var forceClone3 = false // tests of this package set it

func runtime_BeforeFork()
func runtime_AfterFork()
func runtime_AfterForkInChild()

// sysStartProcess is a call of the host's own. src/runtime/children.ts reads a startRequest.
const sysStartProcess = 1024

const (
	startNewGroup   = 1 // a session of its own, which Setpgid brings, too
	startCredential = 2
)

type startRequest struct {
	path       *byte
	argv, envv **byte
	dir        *byte
	files      *int64
	numFiles   int
	flags      int
	uid, gid   uint64
	deathSig   int
}

// The request of whoever has ForkLock: what lies on a stack could move.
var starting startRequest

func forkAndExecInChild(argv0 *byte, argv, envv []*byte, chroot, dir *byte, attr *ProcAttr, sys *SysProcAttr, pipe int) (pid int, err Errno) {
	if chroot != nil || sys.Ptrace || sys.Setctty || sys.Noctty || sys.Foreground || sys.Setpgid && sys.Pgid != 0 ||
		sys.Cloneflags != 0 || sys.Unshareflags != 0 || sys.UidMappings != nil || sys.GidMappings != nil ||
		len(sys.AmbientCaps) > 0 || sys.UseCgroupFD {
		return 0, ENOSYS
	}
	files := make([]int64, len(attr.Files)+1)
	for i, fd := range attr.Files {
		files[i] = int64(int(fd))
	}
	starting = startRequest{
		path:     argv0,
		argv:     &argv[0],
		envv:     &envv[0],
		dir:      dir,
		files:    &files[0],
		numFiles: len(attr.Files),
		deathSig: int(sys.Pdeathsig),
	}
	if sys.Setsid || sys.Setpgid {
		starting.flags |= startNewGroup
	}
	if cred := sys.Credential; cred != nil {
		if len(cred.Groups) > 0 && !cred.NoSetGroups {
			return 0, ENOSYS
		}
		starting.flags |= startCredential
		starting.uid, starting.gid = uint64(cred.Uid), uint64(cred.Gid)
	}
	r, _, err := RawSyscall(sysStartProcess, uintptr(unsafe.Pointer(&starting)), 0, 0)
	starting = startRequest{}
	if err != 0 {
		return 0, err
	}
	if sys.PidFD != nil {
		*sys.PidFD = -1
	}
	return int(r), 0
}

func forkAndExecFailureCleanup(attr *ProcAttr, sys *SysProcAttr) {}

//go:linkname os_checkClonePidfd os.checkClonePidfd
func os_checkClonePidfd() error {
	return ENOSYS
}
