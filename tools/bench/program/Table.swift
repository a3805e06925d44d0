import Machine

/// The measurements of a run as a table: the median of each work on each side, and the ratio of the two.
struct Table {
    private var works: [String] = []
    private var measured: [String: [Measurement]] = [:]

    init(_ path: String) throws {
        let bytes = try Folder.read(path)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let measurement = Measurement(Array(line)) else {
                throw BenchError(description: "\(path): \(String(decoding: line, as: UTF8.self)) is no measurement")
            }
            if !works.contains(measurement.work) { works.append(measurement.work) }
            measured["\(measurement.work)/\(measurement.side)", default: []].append(measurement)
        }
    }

    func print() {
        Swift.print(
            row(
                "work", "entries", "daybook", "", "limit in C", "", "ratio", "of work", "memory MB", "in C",
                "bytes each"))
        for work in works {
            let (daybook, limit) = (median(work, "daybook"), median(work, "limit"))
            guard let any = daybook ?? limit else { continue }
            let ofTime = ratio(median(work, "limit")?.nanosecondsEach, median(work, "daybook")?.nanosecondsEach)
            let ofWork = ratio(processor(work, "limit"), processor(work, "daybook"))
            let bytes = (daybook ?? limit)?.fileBytes.map { fixed(Double($0) / Double(any.count), 0) }
            Swift.print(
                row(
                    work, "\(any.count)", daybook.map(each) ?? "", daybook.map(rate) ?? "", limit.map(each) ?? "",
                    limit.map(rate) ?? "", ofTime, ofWork, megabytes(work, "daybook"),
                    megabytes(work, "limit"), bytes ?? ""))
        }
    }

    private func median(_ work: String, _ side: String) -> Measurement? {
        guard let runs = measured["\(work)/\(side)"], !runs.isEmpty else { return nil }
        return runs.sorted { $0.nanosecondsEach < $1.nanosecondsEach }[runs.count / 2]
    }

    private func ratio(_ limit: Double?, _ daybook: Double?) -> String {
        guard let limit, let daybook, daybook > 0 else { return "" }
        return fixed(limit / daybook, 2)
    }

    /// The median of the time that processors worked.
    private func processor(_ work: String, _ side: String) -> Double? {
        let times = (measured["\(work)/\(side)"] ?? []).compactMap(\.processorEach).sorted()
        return times.isEmpty ? nil : times[times.count / 2]
    }

    /// The highest peak of all runs.
    private func megabytes(_ work: String, _ side: String) -> String {
        let peak = measured["\(work)/\(side)"]?.compactMap(\.peakBytes).max()
        return peak.map { fixed(Double($0) / 1_048_576, 1) } ?? ""
    }

    private func each(_ measurement: Measurement) -> String {
        let nanoseconds = measurement.nanosecondsEach
        if nanoseconds < 100_000 { return fixed(nanoseconds / 1_000, 2) + " µs" }
        return fixed(nanoseconds / 1_000_000, 2) + " ms"
    }

    private func rate(_ measurement: Measurement) -> String {
        // Of a single thing there is no rate.
        measurement.count == 1 ? "" : fixed(1_000_000 / max(measurement.nanosecondsEach, 0.001), 1) + " k/s"
    }

    private func row(_ cells: String...) -> String {
        let widths = [26, 9, 11, 13, 11, 13, 7, 9, 11, 7, 12]
        return zip(cells, widths).enumerated().map { index, cell in
            let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index == 0 ? cell.0 + padding : padding + cell.0
        }.joined()
    }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        if digits == 0 { return "\(scaled)" }
        let rest = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}
