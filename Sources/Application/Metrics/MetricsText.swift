import FoundationEssentials

/// Metrics as the text of a file.
public enum MetricsFormat: String, Sendable, CaseIterable {
    case json, prometheus, csv

    public func text(_ metrics: Metrics) throws -> String {
        switch self {
        case .json: try Self.json(metrics)
        case .prometheus: PrometheusText(metrics).text
        case .csv: Self.csv(metrics)
        }
    }

    private static func json(_ metrics: Metrics) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(metrics), as: UTF8.self) + "\n"
    }

    // MARK: CSV

    private static let header = [
        "scope", "name", "title", "user", "provider", "last_sync", "last_success", "last_result", "runs", "attempts",
        "successes", "failures", "skipped", "consecutive_failures", "average_milliseconds", "health", "freshness",
        "reason",
    ]

    private static func csv(_ metrics: Metrics) -> String {
        let total = Metrics.Named(name: "", title: nil, user: nil, provider: nil, figures: metrics.total)
        let scopes = [
            ("total", [total]), ("user", metrics.users), ("provider", metrics.providers),
            ("connection", metrics.connections), ("job", metrics.jobs),
        ]
        let rows = scopes.flatMap { scope, subjects in subjects.map { row(scope, $0) } }
        return ([header] + rows).map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func row(_ scope: String, _ named: Metrics.Named) -> [String] {
        let figures = named.figures
        let counts = [
            figures.totalSyncs, figures.attempts, figures.successes, figures.failures, figures.skipped,
            figures.consecutiveFailures,
        ]
        return [
            scope, named.name, named.title ?? "", named.user ?? "", named.provider ?? "",
            figures.lastSyncTime.map(Timestamp.text) ?? "", figures.lastSuccess.map(Timestamp.text) ?? "",
            figures.lastResult.map { $0.success ? "success" : "failure" } ?? "",
        ] + counts.map(String.init) + [
            figures.averageDuration.map(String.init) ?? "", figures.health.rawValue, figures.freshness.rawValue,
            figures.reason ?? "",
        ]
    }

    /// Every cell is quoted, and one that a spreadsheet would run as a formula is marked as text. It goes by scalars: a
    /// sign with an accent on it is another character to Swift, and the same sign to a spreadsheet.
    static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { formulaSigns.contains($0) } ?? false
        var inside = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\"" { inside.append(scalar) }
            inside.append(scalar)
        }
        return "\"" + (isFormula ? "'" : "") + String(inside) + "\""
    }

    private static let formulaSigns = Set("=+-@\t\r\n＝＋－＠".unicodeScalars)
}

/// Instants as RFC 3339 in UTC.
public enum Timestamp {
    public static func text(_ instant: Int64) -> String {
        Date(timeIntervalSince1970: Double(instant) / 1_000).formatted(.iso8601)
    }
}
