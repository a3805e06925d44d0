import Machine
public import Secrets

/// The one place where passwords are hashed. A hash takes much memory on purpose, so no more than two are made at once in
/// the process; a few wait for their turn, and who comes after them is told to come again.
public final class PasswordDesk: Sendable {
    /// More than this many at once would let whoever sends passwords take the memory of the machine.
    static let mostAtWork = 2
    /// Each waits for less than a second behind two; a longer queue would outlast the patience of a browser.
    static let mostWaiting = 6

    public static let shared = PasswordDesk()

    /// Too many are asking at this moment.
    public struct Busy: Error, Sendable { public init() {} }

    private struct Room {
        var atWork = 0
        var waiting = 0
        var made = 0
        var most = 0
    }

    private let cost: PasswordHash.Cost
    private let room = Guarded(Room())

    public init(cost: PasswordHash.Cost = .moderate) { self.cost = cost }

    /// How many were made: what an attempt costs is counted, and not timed.
    public var made: Int { room.with { $0.made } }

    /// How many were made at once at the most.
    var most: Int { room.with { $0.most } }

    public func hash(_ password: Secret) throws -> Secret {
        guard let hash = try inTurn({ PasswordHash.make(password, cost) }) else {
            throw Refusal(.failed, "there is not enough memory to hash a password")
        }
        return hash
    }

    /// Where there is no hash the work is done all the same, so that nobody can tell a user from none by the time it takes.
    public func verify(_ password: Secret, against hash: Secret?) throws(Busy) -> Bool {
        try inTurn {
            guard let hash else {
                _ = PasswordHash.make(password, cost)
                return false
            }
            return PasswordHash.verify(password, against: hash)
        }
    }

    func needsRenewal(_ hash: Secret) -> Bool { PasswordHash.needsRenewal(hash, cost) }

    private func inTurn<Answer>(_ body: () -> Answer) throws(Busy) -> Answer {
        let isIn = room.with { room in
            if room.atWork + room.waiting >= Self.mostAtWork + Self.mostWaiting { return false }
            room.waiting += 1
            return true
        }
        guard isIn else { throw Busy() }
        _ = room.wait { room -> Bool? in
            guard room.atWork < Self.mostAtWork else { return nil }
            room.waiting -= 1
            room.atWork += 1
            room.made += 1
            room.most = max(room.most, room.atWork)
            return true
        }
        defer { room.with { $0.atWork -= 1 } }
        return body()
    }
}

extension Refusal {
    public static let passwordsAreBusy = Refusal(
        .failed, "too many passwords are being looked at just now", hint: "Try again in a moment.")
}
