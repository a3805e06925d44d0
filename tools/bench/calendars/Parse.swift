import FoundationEssentials
import ICalendar

/// How long it takes to find the components of a calendar, and to read every event of it.
///
/// Answers one line of JSON for each kind of work, as parse.c and parse.py do.
enum Parse {
    static func run(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var limits = Limits()
        // The file is as large as the measurement wants it.
        limits.bodyBytes = bytes.count
        limits.components = bytes.count
        let clock = ContinuousClock()
        for _ in 0..<3 {
            var found = 0
            let finding = clock.measure { found = ComponentText(bytes, limits: limits).roots.count }
            report("components", bytes.count, found, finding)
            var events = 0
            let reading = clock.measure { events = read(bytes, limits) }
            report("events", bytes.count, events, reading)
            let hashing = clock.measure { events = content(bytes, limits) }
            report("content", bytes.count, events, hashing)
        }
    }

    private static func read(_ bytes: [UInt8], _ limits: Limits) -> Int {
        var events = 0
        for object in CalendarText(bytes, limits: limits).objects {
            let reading = object.read()
            events += (reading.master == nil ? 0 : 1) + reading.overrides.count
        }
        return events
    }

    private static func content(_ bytes: [UInt8], _ limits: Limits) -> Int {
        var events = 0
        var content: [UInt8] = []
        for object in CalendarText(bytes, limits: limits).objects {
            content.removeAll(keepingCapacity: true)
            object.appendContent(to: &content)
            events += content.isEmpty ? 0 : 1
        }
        return events
    }

    private static func report(_ work: String, _ bytes: Int, _ count: Int, _ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        print(
            "{\"side\":\"daybook\",\"work\":\"\(work)\",\"bytes\":\(bytes),\"count\":\(count),\"seconds\":\(seconds)}")
    }
}
