import Entries
import Testing

@testable import Sync

/// Within working hours what tells changes is read every 20 minutes (F08, F09).
struct WorkingTimesTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        var user = UserAdded()
        (user.user, user.name, user.zone) = (practice.owner, "Ada", "Europe/Berlin")
        try practice.desk.append(user, stream: "user/\(practice.owner)", owner: practice.owner)
    }

    /// 2026-03-29, the night in which clocks in Berlin go from 2 to 3: 00:00 UTC is 1:00 there.
    private static let night: Int64 = 1_774_742_400_000
    private static let minute: Int64 = 60_000
    private static let hour = 60 * minute

    private func row(_ provider: Provider, minutes: Int64 = 240, hours: String?) throws -> ConnectionRow {
        if let hours {
            var changed = SettingChanged()
            (changed.setting, changed.value) = (Setting.workingHours.rawValue, "\"\(hours)\"")
            try practice.desk.append(changed, stream: "setting/home", owner: Draft.home)
        }
        var row = ConnectionRow()
        (row.connection, row.owner, row.provider, row.frequencyMinutes) = ("c", practice.owner, provider, minutes)
        let practice = practice
        return try practice.desk.read { try WorkingTimes($0, practice.desk.zones) }.applied(to: row)
    }

    /// How often it is read in a span, asked every minute.
    private func readings(_ row: ConnectionRow, from start: Int64, hours: Int64) -> [Int64] {
        var row = row
        row.lastAttempt = start - 1
        var times: [Int64] = []
        for now in stride(from: start, to: start + hours * Self.hour, by: Int64.Stride(Self.minute)) {
            let next = row.nextDue(at: now)
            guard row.planned(at: now) != nil else {
                if next <= now { Issue.record("at \(now) it is due at \(next), and is not") }
                continue
            }
            times.append(now)
            row.lastAttempt = now
        }
        return times
    }

    @Test func `F08 inside of them it is read every 20 minutes, outside at its own frequency`() throws {
        let row = try row(.google, hours: "22:00-06:00")
        // Noon to noon in Berlin, an hour of which is passed over in the night.
        let times = readings(row, from: Self.night - 13 * Self.hour, hours: 23)
        let inside = times.filter { ($0 - Self.night) >= -3 * Self.hour && ($0 - Self.night) < 4 * Self.hour }
        #expect(inside.count == 7 * 3)
        #expect((3...5).contains(times.count - inside.count))
    }

    @Test func `F09 without hours the frequency that was chosen holds`() throws {
        #expect(readings(try row(.google, hours: nil), from: Self.night, hours: 24).count == 6)
    }

    @Test func `what does not tell changes is never read more often than was chosen`() throws {
        #expect(readings(try row(.feed, hours: "00:00-24:00"), from: Self.night, hours: 24).count == 6)
    }

    @Test func `what is read more often anyway is not touched`() throws {
        #expect(readings(try row(.google, minutes: 15, hours: "00:00-24:00"), from: Self.night, hours: 2).count == 8)
    }
}
