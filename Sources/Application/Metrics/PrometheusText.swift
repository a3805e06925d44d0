/// Metrics in the text format of Prometheus. Labels are ids and words of ours: no name or address leaves in them.
struct PrometheusText {
    private(set) var text = ""

    init(_ metrics: Metrics) {
        gauge("daybook_ledger_entries", "Entries in the ledger.", [([], metrics.ledger.entries)])
        gauge("daybook_ledger_bytes", "Size of the ledger's file.", [([], metrics.ledger.byteCount)])
        gauge(
            "daybook_ledger_entries_since_checkpoint", "Entries behind the last checkpoint that was signed.",
            [([], metrics.ledger.entriesSinceCheckpoint)])
        gauge(
            "daybook_views_position", "The entry up to which the views are posted.",
            [([], metrics.ledger.viewsPosition)])
        let connections = metrics.connections.map { named in
            (
                labels: [("connection", named.name), ("provider", named.provider ?? ""), ("user", named.user ?? "")],
                named.figures
            )
        }
        let jobs = metrics.jobs.map { (labels: [("job", $0.name), ("user", $0.user ?? "")], $0.figures) }
        subjects("daybook_sync", "a connection", connections)
        subjects("daybook_job", "a job", jobs)
    }

    private typealias Labels = [(String, String)]

    private mutating func subjects(
        _ prefix: String, _ noun: String, _ subjects: [(labels: Labels, figures: Metrics.Figures)]
    ) {
        counter(
            prefix + "_runs_total", "Runs of \(noun), by how they ended.",
            subjects.flatMap { subject in
                [
                    ("success", subject.figures.successes), ("failure", subject.figures.failures),
                    ("skipped", subject.figures.skipped),
                ]
                .map { (subject.labels + [("outcome", $0.0)], $0.1) }
            })
        counter(
            prefix + "_attempts_total", "Tries of \(noun), those again included.",
            subjects.map { ($0.labels, $0.figures.attempts) })
        gauge(
            prefix + "_consecutive_failures", "Failed runs of \(noun) since its last success.",
            subjects.map { ($0.labels, $0.figures.consecutiveFailures) })
        gauge(
            prefix + "_last_success_timestamp_seconds", "When \(noun) last really succeeded.",
            subjects.compactMap { subject in subject.figures.lastSuccess.map { (subject.labels, $0 / 1_000) } })
        gauge(
            prefix + "_average_duration_milliseconds", "How long a successful run of \(noun) takes.",
            subjects.compactMap { subject in subject.figures.averageDuration.map { (subject.labels, $0) } })
        gauge(
            prefix + "_healthy", "1 where \(noun) is healthy, 0 where it is degraded or nothing succeeded lately.",
            subjects.map { ($0.labels, $0.figures.health == .healthy ? 1 : 0) })
    }

    private mutating func gauge(_ name: String, _ help: String, _ samples: [(Labels, Int64)]) {
        family(name, help, "gauge", samples)
    }

    private mutating func counter(_ name: String, _ help: String, _ samples: [(Labels, Int64)]) {
        family(name, help, "counter", samples)
    }

    private mutating func family(_ name: String, _ help: String, _ type: String, _ samples: [(Labels, Int64)]) {
        if samples.isEmpty { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in samples {
            let inside = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += inside.isEmpty ? "\(name) \(value)\n" : "\(name){\(inside)} \(value)\n"
        }
    }

    /// By scalars: a line end of two, or a quote with an accent, is one character to Swift.
    private static func escaped(_ value: String) -> String {
        value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
