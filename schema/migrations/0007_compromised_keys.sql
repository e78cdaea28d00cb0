-- Forms that a compromised key signed are made anew: they are no source of truth, and are made again when asked for.
GRANT DELETE ON certificate_forms TO coderisk_system;
