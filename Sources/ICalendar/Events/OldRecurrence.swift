/// The recurrence rules of vCalendar 1.0, as `W2 TU TH #10` or `MP1 2+ MO 20261224T000000Z`.
enum OldRecurrence {
    /// The same rule as RFC 5545 writes it; nil if it is none, or says what cannot be said there.
    static func rule(from text: String) -> String? {
        var words = text.uppercased().replacing("$", with: "").split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let first = words.first, words.count <= 100 else { return nil }
        words.removeFirst()
        let letters = first.prefix { $0.isLetter }
        guard let interval = Int(first.dropFirst(letters.count)), (1...1000).contains(interval) else { return nil }
        let limit = ending(&words)
        guard let days = days(words, of: letters), let limit else { return nil }
        let parts = ["FREQ=\(days.frequency)", interval == 1 ? "" : "INTERVAL=\(interval)", days.filter, limit]
        return parts.filter { !$0.isEmpty }.joined(separator: ";")
    }

    /// How long it goes on: until a time, a count, for ever with `#0`, and twice if nothing is said.
    private static func ending(_ words: inout [Substring]) -> String? {
        guard let last = words.last else { return "COUNT=2" }
        if last.hasPrefix("#") {
            words.removeLast()
            guard let count = Int(last.dropFirst()), (0...100_000).contains(count) else { return nil }
            // A rule may say both; the date is the narrower of the two.
            if let until = words.last, EventTime(until) != nil {
                words.removeLast()
                return "UNTIL=\(until)"
            }
            return count == 0 ? "" : "COUNT=\(count)"
        }
        guard last.utf8.count >= 8, EventTime(last) != nil else { return "COUNT=2" }
        words.removeLast()
        return "UNTIL=\(last)"
    }

    private static func days(_ words: [Substring], of letters: Substring) -> (frequency: String, filter: String)? {
        switch letters {
        case "D": words.isEmpty ? ("DAILY", "") : nil
        case "W": list("BYDAY", words, weekday).map { ("WEEKLY", $0) }
        case "MD": list("BYMONTHDAY", words, { number($0, most: 31) }).map { ("MONTHLY", $0) }
        case "MP": positions(words).map { ("MONTHLY", $0) }
        case "YM": list("BYMONTH", words, { number($0, most: 12) }).map { ("YEARLY", $0) }
        case "YD": list("BYYEARDAY", words, { number($0, most: 366) }).map { ("YEARLY", $0) }
        default: nil
        }
    }

    private static func list(_ name: String, _ words: [Substring], _ read: (Substring) -> String?) -> String? {
        let values = words.compactMap(read)
        guard values.count == words.count else { return nil }
        return values.isEmpty ? "" : "\(name)=\(values.joined(separator: ","))"
    }

    private static func weekday(_ word: Substring) -> String? {
        ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].contains(word) ? String(word) : nil
    }

    /// `3`, `3+`, `3-`, and LD for the last day.
    private static func number(_ word: Substring, most: Int) -> String? {
        if word == "LD" { return "-1" }
        let digits = word.hasSuffix("+") || word.hasSuffix("-") ? word.dropLast() : word
        guard let number = Int(digits), (1...most).contains(number), digits.utf8.allSatisfy(\.isDigit) else {
            return nil
        }
        return word.hasSuffix("-") ? "-\(number)" : "\(number)"
    }

    /// Each place in the month with each of the weekdays that follow it: `1+ 3+ MO TU`.
    private static func positions(_ words: [Substring]) -> String? {
        var places: [String] = []
        var days: [String] = []
        var wasDay = false
        for word in words {
            if let day = weekday(word) {
                days += places.map { $0 + day }
                wasDay = true
            } else if let place = number(word, most: 5) {
                if wasDay { places = [] }
                places.append(place)
                wasDay = false
            } else {
                return nil
            }
        }
        return days.isEmpty ? (words.isEmpty ? "" : nil) : "BYDAY=\(days.joined(separator: ","))"
    }
}
