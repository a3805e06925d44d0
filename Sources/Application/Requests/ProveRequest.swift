import Entries
import Ledger
import Secrets

/// Makes the proof of one entry: what a stranger needs to see that it is in this ledger, and nothing else of it.
public struct ProveRequest: Request {
    public static let name = "prove"

    public let position: Int64
    /// Without it, what is personal stays hidden behind its commitment, and the proof is as good.
    public let withPersonal: Bool

    public init(position: Int64, withPersonal: Bool) {
        self.position = position
        self.withPersonal = withPersonal
    }

    public func answer(in home: OpenHome) throws -> Proof {
        try home.requireConfirmedHead()
        let size = try home.head.size
        guard position >= 1, position <= size else {
            throw Refusal(
                .notFound, "there is no entry \(position): the last is \(size)",
                hint: "“daybook log” lists the entries.")
        }
        let note = try home.signHead()
        return try Proof(
            of: position, size: size, note: note, verifier: home.signer.verifier, reader: home.reader,
            withPersonal: withPersonal)
    }
}
