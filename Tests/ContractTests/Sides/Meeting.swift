/// A meeting as somebody puts it into a calendar, whatever kind of calendar that is.
struct Meeting: Equatable {
    var uid: String
    var title: String
    /// The clock of its zone, `2025-12-10T09:00`, or a whole day, `2025-12-10`.
    var start: String
    var minutes = 60
    /// Of whole days: how many.
    var days = 1
    var zone = "Europe/Berlin"
    var guests: [Guest] = [.jane]
    /// So many times, a week apart; nil is once.
    var weeks: Int?
    var isPrivate = false
    var isCancelled = false
    /// What the owner of the calendar answered.
    var answer = Answer.accepted

    enum Answer { case accepted, declined }

    struct Guest: Equatable {
        var name: String
        var email: String

        static let jane = Guest(name: "Jane Doe", email: "jane@doe.example")
        static let bob = Guest(name: "Bob Stone", email: "bob@stone.example")
        /// In nobody's address book.
        static let cleo = Guest(name: "Cleo Unknown", email: "cleo@elsewhere.example")
    }

    init(_ uid: String, _ title: String, _ start: String, _ change: (inout Meeting) -> Void = { _ in }) {
        self.uid = uid
        self.title = title
        self.start = start
        change(&self)
    }

    var isWholeDays: Bool { !start.contains("T") }

    /// The clock at its end.
    var end: String { isWholeDays ? Clock.day(start, plus: days) : Clock.time(start, plus: minutes) }

    /// The owner of the calendars on every side.
    static let me = Guest(name: "Ada Brandt", email: "me@example.test")
}

/// Times on the wall, without a zone.
enum Clock {
    /// `2025-12-10T09:00` and so many minutes later.
    static func time(_ text: String, plus minutes: Int) -> String {
        let parts = text.split(separator: "T")
        let clock = parts[1].split(separator: ":").compactMap { Int($0) }
        let all = clock[0] * 60 + clock[1] + minutes
        let (days, rest) = all.quotientAndRemainder(dividingBy: 24 * 60)
        return "\(day(String(parts[0]), plus: days))T\(two(rest / 60)):\(two(rest % 60))"
    }

    static func day(_ text: String, plus days: Int) -> String {
        var (year, month, day) = parts(text)
        day += days
        while day > length(year, month) {
            day -= length(year, month)
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
        }
        return "\(year)-\(two(month))-\(two(day))"
    }

    /// The same clock so many weeks later.
    static func weeks(_ text: String, plus weeks: Int) -> String {
        let parts = text.split(separator: "T")
        let day = day(String(parts[0]), plus: 7 * weeks)
        return parts.count == 1 ? day : "\(day)T\(parts[1])"
    }

    private static func parts(_ text: String) -> (Int, Int, Int) {
        let numbers = text.split(separator: "-").compactMap { Int($0) }
        return (numbers[0], numbers[1], numbers[2])
    }

    private static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
