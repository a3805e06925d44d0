@testable import Sync

/// Days and hours around the moment at which a practice begins: Monday, 2 March 2026, noon in UTC.
enum Time {
    static let start: Int64 = 1_772_452_800_000
    static let day: Int64 = 86_400_000
    static let hour: Int64 = 3_600_000

    /// So many days from the day on which a practice begins, at an hour in UTC.
    static func at(_ days: Int64, _ hour: Int64 = 9) -> Int64 { start + days * day + (hour - 12) * Time.hour }

    /// As calendars write it: `20260220T090000Z`.
    static func text(_ instant: Int64) -> String {
        let day = Days.day(of: instant).filter { $0 != "-" }
        let seconds = (instant % Time.day + Time.day) % Time.day / 1_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return day + "T" + two(seconds / 3_600) + two(seconds / 60 % 60) + two(seconds % 60) + "Z"
    }

    static func dayText(_ instant: Int64) -> String { String(text(instant).prefix(8)) }
}

/// A VEVENT of a test.
struct Event {
    var uid: String
    var title: String?
    /// After `DTSTART`, as in `:20260220T090000Z` or `;VALUE=DATE:20260220`.
    var start: String
    var end: String?
    var guests: [String] = []
    var sequence = 0
    /// More lines, as they stand in the file.
    var lines: [String] = []

    /// An hour, so many days from the day on which a practice begins.
    init(_ uid: String, _ days: Int64 = -10, at hour: Int64 = 9, with guests: [String] = ["bob"], lines: [String] = [])
    {
        self.uid = uid
        title = uid
        start = ":" + Time.text(Time.at(days, hour))
        end = ":" + Time.text(Time.at(days, hour) + Time.hour)
        self.guests = guests.map(Self.guest)
        self.lines = lines
    }

    /// `bob` is bob@example.org, and `bob?DECLINED` declined.
    static func guest(_ word: String) -> String {
        let parts = word.split(separator: "?").map(String.init)
        let address = parts[0].contains("@") ? parts[0] : parts[0] + "@example.org"
        return "ATTENDEE;PARTSTAT=\(parts.count > 1 ? parts[1] : "ACCEPTED"):mailto:\(address)"
    }

    mutating func move(_ days: Int64, at hour: Int64 = 9) {
        start = ":" + Time.text(Time.at(days, hour))
        end = ":" + Time.text(Time.at(days, hour) + Time.hour)
        sequence += 1
    }

    func with(_ change: (inout Event) -> Void) -> Event {
        var event = self
        change(&event)
        event.sequence += 1
        return event
    }

    var text: String {
        var all = ["BEGIN:VEVENT", "UID:\(uid)", "DTSTAMP:20260101T000000Z", "DTSTART\(start)"]
        if let end { all.append("DTEND\(end)") }
        if let title { all.append("SUMMARY:\(title)") }
        all.append("SEQUENCE:\(sequence)")
        return (all + guests + lines + ["END:VEVENT"]).map { $0 + "\r\n" }.joined()
    }

    static func calendar(_ events: [Event], lines: [String] = []) -> String {
        (["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"] + lines).map { $0 + "\r\n" }.joined()
            + events.map(\.text).joined() + "END:VCALENDAR\r\n"
    }
}

/// A vCard of a test.
struct Contact {
    var uid: String
    var name: String
    var addresses: [String]

    /// `bob` is Bob Stone with bob@example.org.
    init(_ uid: String, name: String? = nil, _ addresses: String...) {
        self.uid = uid
        self.name = name ?? uid.prefix(1).uppercased() + uid.dropFirst() + " Stone"
        self.addresses = addresses.isEmpty ? [uid + "@example.org"] : addresses
    }

    var text: String {
        let lines =
            ["BEGIN:VCARD", "VERSION:3.0", "UID:\(uid)", "FN:\(name)"] + addresses.map { "EMAIL:\($0)" } + ["END:VCARD"]
        return lines.map { $0 + "\r\n" }.joined()
    }
}
