let featureFlags: Record<string, boolean>;

export async function loadFlags(): Promise<void> {
  const response = await fetch(`${FLAGS_URL}/flags?env=${ENVIRONMENT}`, {
    signal: AbortSignal.timeout(2000),
  });
  featureFlags = await response.json();
}

export function isEnabled(name: string, userId: string): boolean {
  return featureFlags[name]! && rolloutOf(name).includes(userId);
}
