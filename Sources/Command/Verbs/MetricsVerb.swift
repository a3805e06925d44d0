import Application
import Arguments
import Machine

enum MetricsVerb {
    static let format = Option(
        "format", .choice(of: MetricsFormat.self), default: .json, "How it is written.")
    static let to = Option("to", .file, default: "-", "The file to write; - is standard output.")

    static let verb: Verb<Act> = Verb(
        "metrics", "How the readings of the calendars and the jobs go.",
        examples: [
            Example("daybook metrics", "A table."),
            Example("daybook metrics export --format prometheus --to daybook.prom", "A file for a collector."),
        ],
        verbs: [export]
    ) { _, console in
        try console.requireAdmin()
        let (metrics, zone) = try console.converse { home in
            (try home.ask(MetricsRequest()), try home.ask(ZoneRequest(user: console.user)).zone)
        }
        if console.isJSON {
            try console.write(MetricsFormat.json.text(metrics))
        } else {
            try show(metrics, UserTimes(zone), console)
        }
        return ExitStatus.ok
    }

    static let export: Verb<Act> = Verb(
        "export", "Write the metrics to a file.",
        discussion: """
            The file is written beside the old one and then put in its place, so that whoever reads it never sees half \
            of it. In the prometheus format no name or address leaves the home, only ids.
            """,
        examples: [Example("daybook metrics export --format csv --to metrics.csv", "For a spreadsheet.")],
        arguments: [format, to]
    ) { given, console in
        try console.requireAdmin()
        let metrics = try console.ask(MetricsRequest())
        try OutputFile.write(given[format].text(metrics), to: given[to], console)
        if given[to] != "-" { console.note("Wrote the metrics to \(given[to]).") }
        return ExitStatus.ok
    }

    private static func show(_ metrics: Metrics, _ times: UserTimes, _ console: Console) throws {
        try console.facts([
            ("entries", Amounts.grouped(metrics.ledger.entries)), ("ledger", Amounts.bytes(metrics.ledger.byteCount)),
            ("since the last checkpoint", Amounts.count(metrics.ledger.entriesSinceCheckpoint, "entry", "entries")),
        ])
        try console.line()
        if metrics.connections.isEmpty && metrics.jobs.isEmpty {
            return try console.line("No calendar was read yet, and no job has run.")
        }
        var table = Table([
            .init(heading: "what"), .init(heading: "health") { $1 == "healthy" ? $0.good($1) : $0.warning($1) },
            .init(heading: "runs", isNumber: true), .init(heading: "failed", isNumber: true),
            .init(heading: "average", isNumber: true, spare: 2),
            times.column("last success", of: [metrics.generatedAt]), .init(heading: "freshness", spare: 1),
        ])
        for named in metrics.connections + metrics.jobs {
            let figures = named.figures
            table.add([
                named.title ?? named.name, figures.health.rawValue, Amounts.grouped(figures.totalSyncs),
                Amounts.grouped(figures.failures), figures.averageDuration.map(Times.milliseconds) ?? "–",
                figures.lastSuccess.map(times.text) ?? "never", figures.reason ?? figures.freshness.rawValue,
            ])
        }
        try console.table(table)
    }
}
