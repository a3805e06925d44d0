import Ledger
import Projections
import Secrets

/// Looks whether everything is as it was written: every leaf and node, the checkpoints, and the views.
public struct VerifyRequest: ReadingRequest {
    public static let name = "verify"

    public struct Verified: Codable, Sendable {
        public struct Finding: Codable, Sendable, Equatable {
            public let position: Int64?
            public let problem: String
        }

        public let entries: Int64
        public let root: String
        public let erased: Int64
        /// The checkpoints that were compared and agree, those in the ledger included.
        public let checkpoints: Int
        public let findings: [Finding]
        public let findingCount: Int
        public let views: [ViewComparison]
        /// Why the views could not be compared.
        public let viewsProblem: String?
        public let isIntact: Bool
    }

    public struct ViewComparison: Codable, Sendable, Equatable {
        public let projection: String
        public let table: String
        public let rows: Int64
        public let isEqual: Bool
        public let digest: String

        init(_ comparison: Views.Comparison) {
            projection = comparison.projection
            table = comparison.table
            rows = comparison.rows
            isEqual = comparison.isEqual
            digest = comparison.live.hexadecimal
        }
    }

    /// A checkpoint that was kept elsewhere, as its text, and what to call it.
    public struct Kept: Codable, Sendable {
        public let note: String
        public let name: String

        public init(note: String, name: String) {
            self.note = note
            self.name = name
        }
    }

    public let kept: [Kept]
    public let withViews: Bool

    public init(kept: [Kept], withViews: Bool) {
        self.kept = kept
        self.withViews = withViews
    }

    public func answer(in home: OpenHome) throws -> Verified {
        var witnesses = try kept.map { try witness($0, home) }
        if let note = try HeadNote(path: home.folder.headNote).text().flatMap({ SignedNote($0) }),
            note.isSigned(by: home.signer.verifier), let checkpoint = note.checkpoint
        {
            witnesses.append(Witness(checkpoint, name: "head.note"))
        }
        let last = try home.head.size
        let report = home.report("verifying")
        let found = try home.reader.verify(against: witnesses, verifier: home.signer.verifier) { try report($0, last) }
        // Views of a ledger that is not whole say nothing; and it cannot be read to its end.
        let (views, problem) = withViews && found.isIntact ? try compareViews(home) : ([], nil)
        let findings = found.findings.map { Verified.Finding(position: $0.position, problem: $0.problem) }
        return Verified(
            entries: found.entries, root: found.root.hexadecimal, erased: found.erased,
            checkpoints: found.checkpoints,
            findings: findings, findingCount: found.findingCount, views: views.map { ViewComparison($0) },
            viewsProblem: problem, isIntact: found.isIntact && problem == nil && views.allSatisfy(\.isEqual))
    }

    /// That views cannot be posted is told beside what was found of the ledger, and does not hide it.
    private func compareViews(_ home: OpenHome) throws -> ([Views.Comparison], String?) {
        do {
            return (try home.views().verify(progress: home.report("comparing views")), nil)
        } catch let refusal as Refusal where refusal.kind == .failed {
            return ([], refusal.message)
        }
    }

    private func witness(_ kept: Kept, _ home: OpenHome) throws -> Witness {
        guard let note = SignedNote(kept.note), let checkpoint = note.checkpoint else {
            throw Refusal(
                .badRequest, "\(kept.name) is no checkpoint",
                hint: "“daybook checkpoint” writes one; keep what it prints, whole, with its last line.")
        }
        guard checkpoint.origin == home.signer.verifier.name else {
            throw Refusal(
                .badRequest, "\(kept.name) is a checkpoint of another ledger, \(checkpoint.origin)",
                hint: "This one is \(home.signer.verifier.name).")
        }
        guard note.isSigned(by: home.signer.verifier) else {
            throw Refusal(
                .badRequest,
                "\(kept.name) is not signed with the key of this ledger: it was altered, or made by another")
        }
        return Witness(checkpoint, name: kept.name)
    }
}
