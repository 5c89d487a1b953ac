/** Errors of Node's file functions as the numbers of Linux. */
import { constants as osConstants } from "node:os";
import { Errno } from "../runtime/errno.ts";

/** What `act` gives, or the negative error number of what it throws. */
export function attempt<T>(act: () => T): T | number {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return errnoOf(error as NodeJS.ErrnoException);
  }
}

/** The negative error number of what Node throws or tells. */
export function errnoOf({ code = "", errno }: NodeJS.ErrnoException): number {
  if (code.startsWith("ERR_")) return -Errno.EINVAL;
  if (process.platform !== "linux") return -(linuxNumbers[code] ?? Errno.EIO);
  // Numbers that Node has no name for are the system's.
  const known = (osConstants.errno as Record<string, number>)[code];
  return -(known ?? (errno !== undefined && errno < 0 ? -errno : Errno.EIO));
}

/** For hosts whose numbers differ. */
const linuxNumbers: Readonly<Record<string, number>> = {
  EPERM: Errno.EPERM,
  ENOENT: Errno.ENOENT,
  EIO: Errno.EIO,
  EBADF: Errno.EBADF,
  EACCES: Errno.EACCES,
  EEXIST: Errno.EEXIST,
  EXDEV: Errno.EXDEV,
  ENOTDIR: Errno.ENOTDIR,
  EISDIR: Errno.EISDIR,
  EINVAL: Errno.EINVAL,
  EMFILE: Errno.EMFILE,
  EFBIG: Errno.EFBIG,
  ENOSPC: Errno.ENOSPC,
  EROFS: Errno.EROFS,
  EPIPE: Errno.EPIPE,
  ENAMETOOLONG: Errno.ENAMETOOLONG,
  ENOTEMPTY: Errno.ENOTEMPTY,
  ELOOP: Errno.ELOOP,
};
