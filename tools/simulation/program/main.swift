import Application
import Foundation
import Simulation

// tools/simulate: lives through some days, and says what came of it.

var plan = Simulation.Plan()
var seeds = 1
var words = CommandLine.arguments.dropFirst().makeIterator()
while let word = words.next() {
    guard let text = words.next(), let number = Int(text), number >= 0 else {
        FileHandle.standardError.write(Data("simulate: \(word) wants a number\n".utf8))
        exit(2)
    }
    switch word {
    case "--seed": plan.seed = UInt64(number)
    case "--seeds": seeds = number
    case "--days": plan.days = number
    case "--users": plan.users = max(1, number)
    case "--connections": plan.connections = max(1, number)
    case "--faults": plan.faultsPerMille = number
    case "--kills": plan.killsPerDay = number
    case "--jumps": plan.jumps = number > 0
    default:
        FileHandle.standardError.write(Data("simulate: there is no option \(word)\n".utf8))
        exit(2)
    }
}

var isGood = true
print("seed  readings    jobs  kills  faults  entries  activities  lost  doubled  wrong  stale  seconds  root")
for seed in plan.seed..<plan.seed + UInt64(max(1, seeds)) {
    plan.seed = seed
    let place = FileManager.default.temporaryDirectory.appending(path: "simulation-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let began = Date()
    let report = try Simulation(plan, in: place + "/home").run { day in
        if isatty(2) == 1 { FileHandle.standardError.write(Data("\rseed \(seed), day \(day) of \(plan.days) ".utf8)) }
    }
    if isatty(2) == 1 { FileHandle.standardError.write(Data("\r".utf8)) }
    func column(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    print(
        column(Int(seed), 4), column(report.readings, 9), column(report.jobs, 7), column(report.kills, 6),
        column(report.world.faults, 7), column(Int(report.entries), 8), column(report.activities, 11),
        column(report.lost.count, 5), column(report.doubled.count, 8), column(report.wrong.count, 6),
        column(report.stale.count, 6), column(Int(Date().timeIntervalSince(began)), 8), report.root.prefix(12))
    for trouble in (report.broken + report.lost + report.doubled + report.wrong + report.stale).prefix(5) {
        print("      \(trouble)")
    }
    isGood = isGood && report.isGood
}
exit(isGood ? 0 : 1)
