/** Reads the profiles that guide inlining. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { fromPprof } from "../inline/pgo/pprof.ts";
import { fromSerialized, isSerialized, ProfileError, serialize } from "../inline/pgo/profile.ts";
import type { LoadHost } from "../load/fs.ts";
import type { LoadResult } from "../load/load.ts";
import { setProfiles } from "../load/pgo.ts";

export interface ProfiledLoad {
  readonly load: LoadResult;
  /** Serialised, by file name. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** Finds and reads the profiles that `-pgo` means. Packages whose profile cannot be read are not analysed. */
export function withProfiles(host: LoadHost, loaded: LoadResult, pgo: string): ProfiledLoad {
  const load = setProfiles(host, loaded, pgo);
  const profiles = new Map<string, string>();
  const errors = [...load.errors];
  const broken = new Set<string>();
  for (const pkg of load.packages) {
    const { profile } = pkg;
    if (profile === "") continue;
    if (!profiles.has(profile) && !broken.has(profile)) {
      try {
        profiles.set(profile, readProfile(profile));
      } catch (error) {
        if (!(error instanceof ProfileError)) throw error;
        broken.add(profile);
        errors.push(`# ${profile}\npreprofile: ${error.message}`);
      }
    }
    if (broken.has(profile)) pkg.incomplete = true;
  }
  return { load: { ...load, errors }, profiles };
}

/** The file as text, whether it holds that or a profile of pprof's kind, compressed or not. */
function readProfile(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new ProfileError(`error opening profile: open ${file}: no such file or directory`);
    if (code === "EACCES") throw new ProfileError(`error opening profile: open ${file}: permission denied`);
    if (code === "EISDIR") throw new ProfileError(`error parsing profile: read ${file}: is a directory`);
    throw new ProfileError(`error opening profile: ${(error as Error).message}`);
  }
  if (isSerialized(bytes)) return serialize(fromSerialized(new TextDecoder().decode(bytes)));
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes);
    } catch (error) {
      throw new ProfileError(`error parsing profile: decompressing profile: ${(error as Error).message}`);
    }
  }
  return serialize(fromPprof(bytes));
}
