/** The server as a worker of a web page. The page's first message brings the standard library's archive; afterwards the
 *  protocol is spoken. Files come from the page: a notification `goesc/files` with names and texts or bytes (null for files
 *  that are gone), since a worker cannot read them when it needs them. */
import { gunzipSync, unzlibSync } from "fflate";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import { StdReader } from "../host/std-reader.ts";
import type { LoadHost } from "../load/fs.ts";
import { Paths } from "../load/paths.ts";
import type { EngineHost } from "./engine/host.ts";
import { MemoryFileSystem } from "./engine/memory-fs.ts";
import { EngineService, type Report, type Request } from "./engine/service.ts";
import { startServer } from "./server.ts";

declare const GOESC_VERSION: string | undefined;

/** The page's first message. */
export interface Setup {
  /** What scripts/web-std.mjs makes of assets/std.bin; null to do without the standard library. */
  readonly std: Uint8Array | null;
}

interface WorkerScope {
  onmessage: ((event: { data: unknown }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => {
  scope.onmessage = null;
  start(data as Setup);
};

function start({ std }: Setup): void {
  const files = new MemoryFileSystem();
  const archive =
    std === null
      ? null
      : new StdReader(
          { read: (offset, length) => std.subarray(offset, offset + length), decompress: unzlibSync },
          "the archive",
        );
  const paths = new Paths(false);
  const host: EngineHost = {
    loadHost: (cwd): LoadHost => ({
      cache: null,
      fs: files,
      paths,
      cwd,
      env: { GOROOT: "off", GOFLAGS: "-mod=mod", GOENV: "off" },
      hostOS: "linux",
      hostArch: "amd64",
      homeDir: "/",
      configDir: "",
      tempDir: "/tmp",
      embeddedStd: () => archive,
    }),
    std: archive,
    readSummary: () => null,
    writeSummary: () => {},
    interrupted: () => false,
  };

  let receive: (report: Report) => void = () => {};
  const service = new EngineService(
    host,
    (report) => receive(report),
    (f, ms) => void setTimeout(f, ms),
  );
  const worker = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
  const connection = createConnection(
    ProposedFeatures.all,
    new BrowserMessageReader(worker),
    new BrowserMessageWriter(worker),
  );
  connection.onNotification(
    "goesc/files",
    (given: { readonly files: readonly { path: string; text: string | Uint8Array | null }[] }) => {
      for (const { path, text } of given.files) files.set(path, text);
      service.handle({ kind: "changed", files: given.files.map(({ path }) => path) });
    },
  );
  startServer(
    connection,
    {
      // Later, so that documents that arrive together are seen together.
      send: (request: Request) => void setTimeout(() => service.handle(request), 0),
      listen: (f) => {
        receive = f;
      },
      close: () => {},
    },
    {
      version: typeof GOESC_VERSION === "string" ? GOESC_VERSION : "",
      windows: false,
      help: "",
      writesJson: false,
      resolve: (dir, name) => (name.startsWith("/") ? name : `${dir}/${name}`),
      gunzip: gunzipSync,
      readFile: (file) => files.get(file),
      exit: () => {},
    },
  );
}
