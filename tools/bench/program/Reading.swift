import Ledger
import SQLite

/// Reading the ledger.
enum Reading {
    static func scan(_ path: String) throws {
        let reader = try LedgerReader(path: path)
        var (count, sum) = (0, 0)
        let spent = try Effort.of {
            try reader.scan(Query()) { entry in
                count += 1
                sum &+= Int(entry.position) &+ Int(entry.version) &+ Int(entry.at)
                sum &+= entry.withStream { $0.count } &+ entry.withData { $0.count } &+ entry.withPersonal { $0.count }
                return true
            }
        }
        precondition(sum != 0)
        Measurement.report("scan", count: count, spent)
    }

    static func verify(_ path: String) throws {
        let reader = try LedgerReader(path: path)
        var verification: Verification?
        let spent = try Effort.of { verification = try reader.verify() }
        guard let verification, verification.isIntact else {
            throw BenchError(description: "\(path): \(verification?.findings.description ?? "")")
        }
        Measurement.report("verify", count: Int(verification.entries), spent)
    }

    static func proof(_ path: String) throws {
        let proofs = 2_000
        let reader = try LedgerReader(path: path)
        let size = try reader.lastPosition()
        var position: Int64 = 0
        let spent = try Effort.of {
            for _ in 0..<proofs {
                // Steps of a large prime meet old and new entries alike.
                position = (position + 7_919 * 104_729) % size
                guard try !reader.inclusionProof(of: position + 1, size: size).isEmpty else {
                    throw BenchError(description: "there is no proof")
                }
            }
        }
        Measurement.report("proof", count: proofs, spent)
    }
}
