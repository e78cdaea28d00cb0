/**
 * The closed codes of certificates, free of any library. A code may be followed by a figure: `secrets_found: 2`. None of
 * them ever says a path, a name or a piece of code. `docs/certificate-format.md` says what each means.
 */
export const CHECK_REASONS = {
  test_coverage: [
    'no_coverage_report',
    'report_of_another_commit',
    'report_without_changed_files',
    'report_does_not_fit_contents',
    'no_changed_executable_lines',
    'coverage_below_threshold',
    'test_files_not_counted',
    'declarations_not_counted',
    'contents_not_sent',
  ],
  security_scan: [
    'no_added_lines',
    'secrets_found',
    'critical_findings',
    'high_findings',
    'medium_findings',
    'low_findings',
    'rules_not_for_language',
    'sarif_without_successful_run',
    'budget',
    'contents_not_sent',
  ],
  coupling_analysis: [
    'no_history_or_import_graph',
    'no_history',
    'too_little_history',
    'no_import_graph',
    'coupling_above_threshold',
    'budget',
  ],
  incident_similarity: [
    'no_code_to_compare',
    'arc_matches',
    'private_matches',
    'budget',
    'contents_not_sent',
  ],
} as const
