import HTTP
import ICalendar

/// How often a feed asks to be read, within what is sensible.
enum FeedRefresh {
    static let least: Int64 = 15 * 60_000
    static let most: Int64 = 24 * 3_600_000

    /// What the calendar says counts before what its server says, which may only be about caches. Nil where neither does.
    static func milliseconds(_ properties: CalendarProperties, _ response: Response) -> Int64? {
        (interval(properties) ?? age(response)).map { min(max($0, least), most) }
    }

    private static func interval(_ properties: CalendarProperties) -> Int64? {
        guard let interval = properties.refreshInterval, !interval.isNegative else { return nil }
        guard interval.days < 1 else { return most }
        return interval.seconds > 0 ? Int64(min(interval.seconds, 86_400)) * 1_000 : nil
    }

    /// An age of none forbids to keep a copy; it does not ask to be read all the time.
    private static func age(_ response: Response) -> Int64? {
        for header in response.headers where header.name.lowercased() == "cache-control" {
            for directive in header.value.lowercased().split(separator: ",") {
                let parts = directive.split(separator: "=").map { $0.filter { $0 != " " && $0 != "\"" } }
                guard parts.count == 2, parts[0] == "max-age", let first = parts[1].utf8.first, first > 48, first <= 57
                else { continue }
                return Int64(parts[1]).map { min($0, 86_400) * 1_000 } ?? most
            }
        }
        return nil
    }
}
