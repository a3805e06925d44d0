import ICalendar

/// How long it takes to find the occurrences of rules in a window, and those of whole series.
///
/// Reads lines of a start, a rule, and the first and last moment of the window, with tabs between them, as expand.py gives
/// them; answers one line of JSON for each kind of work.
enum Expand {
    static func run() {
        var questions: [Question] = []
        while let line = readLine() {
            if let question = Question(line) { questions.append(question) }
        }
        let clock = ContinuousClock()
        for _ in 0..<5 {
            var found = 0
            let rules = clock.measure { found = questions.reduce(0) { $0 + $1.occurrencesOfRule() } }
            report("rules", questions.count, found, rules)
            let series = clock.measure { found = questions.reduce(0) { $0 + $1.occurrencesOfSeries() } }
            report("series", questions.count, found, series)
        }
    }

    private static func report(_ work: String, _ rules: Int, _ count: Int, _ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        print(
            "{\"side\":\"daybook\",\"work\":\"\(work)\",\"rules\":\(rules),\"count\":\(count),\"seconds\":\(seconds)}")
    }

    private struct Question {
        let start: EventTime
        let rule: String
        let from: LocalTime
        let to: LocalTime

        init?(_ line: String) {
            let parts = line.split(separator: "\t")
            guard parts.count == 4, let start = EventTime(parts[0]), let from = EventTime(parts[2]),
                let to = EventTime(parts[3])
            else { return nil }
            (self.start, rule, self.from, self.to) = (start, String(parts[1]), from.local, to.local)
        }

        /// Reading the rule belongs to it, as it does on the other side.
        func occurrencesOfRule() -> Int {
            guard let rule = try? RecurrenceRule(rule) else { return 0 }
            return RuleOccurrences(rule, start: start.local, from: from, through: to).reduce(0) { count, _ in count + 1
            }
        }

        func occurrencesOfSeries() -> Int {
            var schedule = Schedule(start: start, ending: .after(EventDuration(seconds: 3600)))
            schedule.rules = [rule]
            let window = ExpansionWindow(seconds: from.seconds..<to.seconds, days: from.day...to.day)
            return Expansion(of: Series(schedule), in: window, zones: Expand.book, floatingZone: .utc).occurrences.count
        }
    }

    private static var book: ZoneBook { ZoneBook { _ in nil } }
}
