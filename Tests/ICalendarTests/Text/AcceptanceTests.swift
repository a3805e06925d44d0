import Foundation
import Testing

@testable import ICalendar

/// The table of docs/calendars.md, made from the files that stand beside the project.
///
/// With DAYBOOK_WRITE_TABLES=1 in the environment the table is written; without, it is compared.
@Suite(.enabled(if: Corpus.isThere)) struct AcceptanceTests {
    /// What becomes of the files of which two other readers say the same.
    struct Row {
        var files = 0
        var whole = 0
        var components = 0
        var read = 0
        var setAside = 0
    }

    @Test func `check 97: the table of what readers accept is that of the files`() throws {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("../../../docs/calendars.md").standardizedFileURL
        let page = try String(contentsOf: file, encoding: .utf8)
        let (begin, end) = ("<!-- table: what readers accept -->\n", "<!-- end of table -->")
        let start = try #require(page.range(of: begin)?.upperBound)
        let stop = try #require(page.range(of: end)?.lowerBound)
        let table = Self.table()
        if ProcessInfo.processInfo.environment["DAYBOOK_WRITE_TABLES"] == "1" {
            let written = page.replacingCharacters(in: start..<stop, with: table)
            try written.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(String(page[start..<stop]) == table)
        }
    }

    private static func table() -> String {
        var rows: [String: Row] = [:]
        var reasons: [Flaw.Problem: Int] = [:]
        let verdicts = Corpus.verdicts()
        for file in Corpus.files("ics") {
            guard let verdict = verdicts[file.path] else { continue }
            let text = CalendarText(file.bytes)
            var row = rows[word(verdict)] ?? Row()
            row.files += 1
            row.whole += text.isWhole ? 1 : 0
            for object in text.objects {
                let reading = object.read()
                row.components += object.components.count
                row.read += (reading.master == nil ? 0 : 1) + reading.overrides.count
                let quarantined = reading.flaws.filter(\.isQuarantine)
                row.setAside += quarantined.count + object.components.filter { $0.problem != nil }.count
                for flaw in quarantined { reasons[flaw.problem, default: 0] += 1 }
                for problem in object.components.compactMap(\.problem) { reasons[problem, default: 0] += 1 }
            }
            rows[word(verdict)] = row
        }
        var lines = [
            "| libical 3.0.16 | icalendar (Python) | files | called whole | VEVENTs | read | set aside | older versions |",
            "|---|---|---:|---:|---:|---:|---:|---:|",
        ]
        for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
            let older = row.components - row.read - row.setAside
            lines.append(
                "| \(name) | \(row.files) | \(row.whole) | \(row.components) | \(row.read) | \(row.setAside) | \(older) |"
            )
        }
        lines += ["", "| set aside because | VEVENTs |", "|---|---:|"]
        for (problem, count) in reasons.sorted(by: { $0.value > $1.value }) {
            lines.append("| `\(problem.rawValue)` | \(count) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func word(_ verdict: Corpus.Verdict) -> String {
        let libical = verdict.libical.hasPrefix("ok") ? "accepts" : "refuses"
        let python =
            verdict.python == "ok" ? "accepts" : verdict.python.hasPrefix("ok") ? "accepts with errors" : "refuses"
        return "\(libical) | \(python)"
    }
}
