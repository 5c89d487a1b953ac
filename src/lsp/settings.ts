/** What users can set for the server; unknown or wrong values count as absent. */
import { defaultSettings, type EngineSettings } from "./engine/host.ts";

export const diagnosticLevels = ["off", "heap", "leaks", "all"] as const;
export const hintLevels = ["off", "hot", "escapes", "all"] as const;
const severities = ["error", "warning", "information", "hint"] as const;

export type DiagnosticLevel = (typeof diagnosticLevels)[number];
export type HintLevel = (typeof hintLevels)[number];

export interface ServerSettings {
  readonly diagnostics: DiagnosticLevel;
  readonly severity: (typeof severities)[number];
  readonly hints: HintLevel;
  readonly lens: boolean;
  /** A heap profile to lay over the code, relative to the first folder of the workspace; "" for none. */
  readonly profile: string;
  readonly engine: EngineSettings;
}

export const defaultServerSettings: ServerSettings = {
  diagnostics: "heap",
  severity: "information",
  hints: "escapes",
  lens: true,
  profile: "",
  engine: defaultSettings,
};

export function readServerSettings(value: unknown): ServerSettings {
  const raw = object(value);
  const base = defaultServerSettings;
  return {
    diagnostics: choice(raw.diagnostics, diagnosticLevels, base.diagnostics),
    severity: choice(raw.severity, severities, base.severity),
    hints: choice(raw.hints, hintLevels, base.hints),
    lens: typeof raw.lens === "boolean" ? raw.lens : base.lens,
    profile: typeof raw.profile === "string" ? raw.profile : base.profile,
    engine: {
      goroot: typeof raw.goroot === "string" ? raw.goroot : "",
      tags: Array.isArray(raw.tags) ? strings(raw.tags) : null,
      env: Object.fromEntries(
        Object.entries(object(raw.env)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      ),
      noInline: raw.noInline === true,
    },
  };
}

/** Commands that the client says it has registered for lenses and hints. */
export function readClientCommands(options: unknown): ReadonlySet<string> {
  return new Set(strings(object(options).clientCommands));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function choice<T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return (allowed as readonly unknown[]).includes(value) ? (value as T) : otherwise;
}
