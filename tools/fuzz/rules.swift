// Rules: a text is read, followed from a start, and followed again from the middle. The first eight bytes are the start,
// the window and the zone; the rest are lines, by turns rules, dates taken out, dates added and overrides.

@_cdecl("LLVMFuzzerTestOneInput")
public func followRules(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard bytes.count > 8 else { return 0 }
    let number = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
    let local = LocalTime(CivilDay(number: number % 60_000 - 20_000), secondOfDay: number % 86_400)
    let lines = bytes[8...].split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    for line in lines.prefix(4) {
        guard let rule = try? RecurrenceRule(line) else { continue }
        follow(rule, from: local, through: LocalTime(seconds: local.seconds + Int(bytes[4]) * 8_640_000))
    }
    let forms: [EventTime] = [.day(local.day), .floating(local), .utc(local), .zoned(local, zone: "Nowhere")]
    expand(lines, from: forms[Int(bytes[5] & 3)], days: Int(bytes[6]) * 4, offset: (Int(bytes[7]) - 128) * 400)
    return 0
}

private func follow(_ rule: RecurrenceRule, from start: LocalTime, through end: LocalTime) {
    let mostSteps = 20_000
    var times = RuleOccurrences(rule, start: start, through: end, mostSteps: mostSteps)
    var all: [LocalTime] = []
    while let time = times.next() {
        precondition(all.last.map { $0 < time } ?? (time >= start), "out of order")
        precondition(time <= end, "behind the end")
        all.append(time)
    }
    precondition(times.steps <= mostSteps + 10_000, "more steps than allowed")
    guard !times.isCut, let middle = all.dropFirst(all.count / 2).first else { return }
    var later = RuleOccurrences(rule, start: start, from: middle, through: end, mostSteps: mostSteps)
    precondition(later.next() == middle, "another way leads elsewhere")
}

private func expand(_ lines: [String], from start: EventTime, days: Int, offset: Int) {
    var series = Series(Schedule(start: start))
    for (place, line) in lines.enumerated() {
        switch place % 4 {
        case 0: series.master?.rules.append(line)
        case 1: if let time = EventTime(line) { series.master?.exclusions.append(time) }
        case 2: if let addition = Schedule.Addition(line) { series.master?.additions.append(addition) }
        default:
            guard let addition = Schedule.Addition(line) else { continue }
            let identity = RecurrenceIdentity(time: addition.start, coversFollowing: place % 8 == 3)
            let schedule = Schedule(start: addition.start, ending: addition.ending)
            series.overrides.append(.init(identity, schedule, number: place))
        }
    }
    let first = start.local.day
    let window = ExpansionWindow(
        seconds: first.number * 86_400..<(first.number + days) * 86_400, days: first...(first + days))
    let zone = Zone(name: "Offset", offset: offset)
    let expansion = Expansion(of: series, in: window, zones: ZoneBook { _ in nil }, floatingZone: zone)
    precondition(expansion.occurrences.count <= Expansion.mostOccurrences)
    for occurrence in expansion.occurrences {
        if case .timed(let start, let end) = occurrence.span { precondition(start <= end) }
    }
}
