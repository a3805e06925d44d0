import Entries
import Machine

/// What one run measured: a line of JSON, as `limit.c` writes it too.
struct Measurement {
    let work: String
    let side: String
    let count: Int64
    let nanoseconds: Int64
    /// Nanoseconds that processors worked for it.
    var processor: Int64?
    var peakBytes: Int64?
    var fileBytes: Int64?

    var nanosecondsEach: Double { Double(nanoseconds) / Double(max(count, 1)) }
    var processorEach: Double? { processor.map { Double($0) / Double(max(count, 1)) } }

    /// Prints what this process measured, with the peak of its memory.
    static func report(_ work: String, count: Int, _ effort: Effort, fileBytes: Int64? = nil) {
        report(work, count: count, effort.passed, processor: effort.processorNanoseconds, fileBytes: fileBytes)
    }

    static func report(
        _ work: String, count: Int, _ duration: Duration, processor: Int64? = nil, fileBytes: Int64? = nil
    ) {
        let measurement = Measurement(
            work: work, side: "daybook", count: Int64(count), nanoseconds: duration.nanoseconds, processor: processor,
            peakBytes: ThisProcess.peakMemory.map(Int64.init), fileBytes: fileBytes)
        print(measurement.line)
    }

    private var line: String {
        var writer = JSONWriter()
        writer.name("work")
        writer.text(work)
        writer.name("side")
        writer.text(side)
        writer.name("count")
        writer.integer(count)
        writer.name("nanoseconds")
        writer.integer(nanoseconds)
        for case (let name, let value?) in [
            ("processor", processor), ("peak_bytes", peakBytes), ("file_bytes", fileBytes),
        ] {
            writer.name(name)
            writer.integer(value)
        }
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}

extension Measurement {
    /// Nil when the line is none of ours.
    init?(_ line: [UInt8]) {
        var texts: [String: String] = [:]
        var numbers: [String: Int64] = [:]
        try? JSONScanner.members(of: line.span) { (name, value) throws(JSONError) in
            guard let name = name.text(in: line.span) else { return }
            texts[name] = value.text(in: line.span)
            numbers[name] = value.integer(in: line.span)
        }
        guard let work = texts["work"], let side = texts["side"], let count = numbers["count"],
            let nanoseconds = numbers["nanoseconds"]
        else { return nil }
        self.init(
            work: work, side: side, count: count, nanoseconds: nanoseconds, processor: numbers["processor"],
            peakBytes: numbers["peak_bytes"], fileBytes: numbers["file_bytes"])
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
