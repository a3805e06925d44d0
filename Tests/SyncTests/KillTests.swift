import Entries
import Testing

@testable import Sync

/// The program is killed between any two transactions, and begins again.
struct KillTests {
    /// A life in which everything happens that stages write: the first reading, and then a change of nearly all of it.
    private func live(killedAfter transactions: Int?, in second: Bool) throws -> (practice: Practice, isKilled: Bool) {
        let practice = try Practice()
        try practice.people([Contact("bob"), Contact("cleo"), Contact("dan")])
        let older = Event("older", -60, with: ["bob", "dan"])
        let standup = Event("standup", -21, with: ["bob", "cleo"], lines: ["RRULE:FREQ=WEEKLY"])
        let plan = Event("plan", -10, with: ["bob", "cleo", "dan"])
        try practice.calendar(
            "work", [older, standup, plan, Event("talk", -9, with: ["cleo", "dan"]), Event("gone", -8)])
        var isKilled = false
        if !second { isKilled = try kill(practice, after: transactions) }
        try practice.settle()
        try practice.people([Contact("bob"), Contact("cleo", "cleo@other.example"), Contact("eve")])
        try practice.calendar(
            "work",
            [
                older, standup.with { $0.lines.append("EXDATE:" + Time.text(Time.at(-7))) },
                plan.with {
                    $0.title = "Plan"
                    $0.guests = ["bob", "dan", "eve", "cleo@other.example"].map(Event.guest)
                },
                Event("talk", -9, with: ["cleo", "dan"]).with { $0.lines = ["STATUS:CANCELLED"] },
                Event("new", -1, with: ["bob", "eve"]),
            ])
        if second { isKilled = try kill(practice, after: transactions) }
        try practice.settle()
        return (practice, isKilled)
    }

    /// Syncs three times, and is killed in one of them if there are so many transactions.
    private func kill(_ practice: Practice, after transactions: Int?) throws -> Bool {
        guard let transactions else { return false }
        practice.transactionsLeft = transactions
        do {
            for _ in 0..<3 { try practice.sync() }
        } catch is Practice.Killed {
            try practice.reopen()
            return true
        }
        practice.transactionsLeft = nil
        return false
    }

    /// What stands. Of what was retracted the reason may be another: it is that of the first thing that was seen.
    private func state(_ practice: Practice) throws -> [String] {
        try practice.meetings() + practice.activities()
            + practice.texts(
                """
                SELECT address.email, address.answer, person.name FROM address LEFT JOIN person USING (person)
                ORDER BY address.email
                """)
            + practice.texts(
                """
                SELECT activity.title, activity.occurred, person.name, other.name FROM activity
                    JOIN person ON person.person = activity.person
                    JOIN activity_participant ON activity_participant.activity = activity.activity
                    JOIN person AS other ON other.person = activity_participant.person
                ORDER BY 2, 1, 3, 4
                """)
    }

    @Test(arguments: [false, true])
    func `D05 L26 killed after any number of transactions the end is the same, and nothing is logged twice`(
        second: Bool
    ) throws {
        let calm = try live(killedAfter: nil, in: second).practice
        let wanted = try state(calm)
        let logged = try calm.entries(ActivityLogged.type).count
        try #require(logged == 19)
        for transactions in 0..<200 {
            let (practice, isKilled) = try live(killedAfter: transactions, in: second)
            let found = try state(practice)
            let differing = Set(found).symmetricDifference(wanted).sorted()
            #expect(found == wanted, "killed after \(transactions): \(differing)")
            #expect(try practice.entries(ActivityLogged.type).count == logged, "killed after \(transactions)")
            #expect(try practice.differences().isEmpty)
            if !isKilled {
                #expect(transactions > 8)
                return
            }
        }
        Issue.record("it never came to its end")
    }
}
