/** Numbers of Linux that all kinds of system calls share. */

export const enum Errno {
  EPERM = 1,
  ENOENT = 2,
  ESRCH = 3,
  EINTR = 4,
  EIO = 5,
  ENXIO = 6,
  EBADF = 9,
  ECHILD = 10,
  EAGAIN = 11,
  ENOMEM = 12,
  EACCES = 13,
  EFAULT = 14,
  EEXIST = 17,
  EXDEV = 18,
  ENOTDIR = 20,
  EISDIR = 21,
  EINVAL = 22,
  EMFILE = 24,
  ENOTTY = 25,
  EFBIG = 27,
  ENOSPC = 28,
  ESPIPE = 29,
  EROFS = 30,
  EPIPE = 32,
  ENAMETOOLONG = 36,
  ENOSYS = 38,
  ENOTEMPTY = 39,
  ELOOP = 40,
  ENOTSOCK = 88,
  EDESTADDRREQ = 89,
  EMSGSIZE = 90,
  EPROTOTYPE = 91,
  ENOPROTOOPT = 92,
  EPROTONOSUPPORT = 93,
  ESOCKTNOSUPPORT = 94,
  ENOTSUP = 95,
  EAFNOSUPPORT = 97,
  EADDRINUSE = 98,
  EADDRNOTAVAIL = 99,
  ENETUNREACH = 101,
  ECONNRESET = 104,
  EISCONN = 106,
  ENOTCONN = 107,
  ECONNREFUSED = 111,
  EALREADY = 114,
  EINPROGRESS = 115,
}

/** Bits of `poll`. */
export const enum Poll {
  In = 1,
  Out = 4,
  Err = 8,
  Hup = 16,
}

/** The call has to wait: package runtime makes it again when something has changed. Not an error of Linux;
 *  overlay/runtime/input.go knows it. */
export const callLater = 512;
