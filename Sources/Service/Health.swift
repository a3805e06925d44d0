import Application
import Machine

/// Whether the service does its work: what `/readyz` says, and whether the watchdog is told that all is well.
final class Health: Sendable {
    private let household: Household
    private let timetable: Timetable

    /// A planner that did not look for so long hangs, and whoever watches over us may start us anew.
    static let patience: Int64 = 5 * 60_000

    init(_ household: Household, _ timetable: Timetable) { (self.household, self.timetable) = (household, timetable) }

    var isAlive: Bool { timetable.millisecondsSinceLook < Self.patience }

    /// Nil when all is well; else what is not, for whoever runs it.
    func trouble() -> String? {
        guard isAlive else { return "the schedule hangs" }
        do {
            _ = try household.ask(HeadRequest())
            return household.trouble
        } catch {
            return (error as? Refusal)?.message ?? "the home cannot be read"
        }
    }
}
