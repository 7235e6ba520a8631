"""Every article and number of the rules, copied by hand from the fact sheet.

A rule that is not here, or holds a number or an article that is not here, is invented.
rule | article, or - where none is on file | confidence | every number of value and text
"""

TRANSCRIPT = """
meeting.assembly | 第十一条 | A | 1
meeting.vote | 第十一条 | A |
meeting.committee | 第十二条 | A | 1
meeting.committee_quorum | 第十二条 | A |
meeting.group | 第十三条 | A | 1
meeting.party_day | 第十六条 | A | 1
meeting.lecture | 第十六条 | A | 1
meeting.three_and_one | - | A | 3 1
meeting.minutes | - | A | 2
life.meeting | 第十七条 | A | 1
life.appraisal | 第十八条 | A | 1
life.appraisal_ratio | 第十八条 | A | 1 3
life.appraisal_probationary | 第十八条 | A |
life.meeting_before | - | B |
meeting.made_up | - | B |
life.talks | 第十九条 | A | 1
life.lapse | 第九条 | A | 6
branch.founding | - | A | 3 50
branch.committee_size | - | A | 7 3 5 1
term.branch | - | A | 3 2
term.higher | - | A | 5
term.delay | - | A | 1
term.notice | - | C | 6
election.unresolved | - | B | 2020
election.turnout | - | B | 4 5
dues.wage | - | A | 3000 5000 10000 0.5 1 1.5 2
dues.base | - | A |
dues.retired | - | A | 5000 0.5 1
dues.farmer | - | A | 0.2 1
dues.student | - | A | 0.2
dues.annual | - | A |
dues.irregular | - | A |
dues.probationary | - | A |
dues.voluntary | - | A | 1000
dues.lapse | 第九条 | A | 6
dues.late | - | A | 6
dues.proxy | - | A |
dues.new_salary | - | B |
dues.rounding | - | B |
develop.talk | 第七条 | A* | 1
develop.review | 第十一条 | A* | 6
develop.cultivation | 第十三条 | A* | 1 12
develop.publicity | 第十三条 | A* | 5
develop.training | 第十七条 | A* | 3 24
develop.assembly | 第十九条 | A* | 1
develop.vote | 第二十条 | A* |
develop.approval | 第二十五条 | A* | 3
develop.approval_special | 第二十五条 | A* | 6
develop.oath | 第二十九条 | A* | 1
develop.probation | 第七条 | B | 1
develop.probation_rights | 第七条 | B |
develop.probation_from | 第三十一条 | A* |
develop.extend | 第三十一条 | A* | 1 6 12
develop.transfer | 第三十二条、第三十三条 | A* | 3
develop.transfer_approval | 第三十二条、第三十三条 | A* | 3
develop.assembly_quorum | 第十九条 | A* |
develop.transfer_vote | 第三十二条 | A* |
develop.approver | 第二十二条 | A* |
develop.introducers | 第十四条 | A* | 2
develop.leaving | 第十八条 | A* | 3
develop.moved_in | 第三十五条 | A* | 6
develop.application_form | 第十八条 | A* |
develop.steps | - | B | 25
birthday.joined | - | A | 1982 9 6
birthday.eras | - | A | 1956 9 15 1969 3 31 4 1 1977 8 11 12 1982 5 6
birthday.party_age | 第七条 | A |
birthday.age_or_anniversary | 第七条 | A |
birthday.probationary_age | 第七条 | A |
birthday.fifty_years | - | A | 50 7 1
birthday.leap_day | - | B | 2 29 28
birthday.five_ones | - | C | 5
birthday.practice | - | C | 1
study.hours | - | A | 32
study.secretary_hours | - | A | 56 1
study.conversion | - | B | 1 8 4
burden.checkin | - | A |
burden.ranking | - | A |
burden.appraisal | - | A |
burden.complaint | - | A |
burden.refill | - | A |
burden.groups | - | B |
day.leifeng | - | A | 3 5
day.security | - | A | 4 15
day.labour | - | A | 5 1
day.youth | - | A | 5 4 1919
day.party | - | A | 7 1 1921
day.army | - | A | 8 1 1927
day.victory | - | A | 9 3 1945
day.teachers | - | A | 9 10
day.martyrs | - | A | 9 30
day.national | - | A | 10 1 1949
day.constitution | - | A | 12 4
day.december9 | - | A | 12 9 1935
day.memorial | - | A | 12 13
"""

EDITIONS = {
    "《中国共产党支部工作条例（试行）》": ("2018-10-28", "2018年10月28日起施行"),
    "《关于党的基层组织任期的意见》": ("2018-07-01", "2018年7月"),
    "《关于中国共产党党费收缴、使用和管理的规定》（中组发〔2008〕3号）": (
        "2008-01-01",
        "2008年",
    ),
    "《中国共产党章程》": (None, ""),
    "《中国共产党发展党员工作细则》": ("2026-05-11", "2026年5月11日起施行"),
    "《中国共产党党员教育管理工作条例》": ("2019-01-01", "2019年"),
    "《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）": (
        "2026-01-25",
        "2026年1月25日",
    ),
    "中央网信委《关于防治“指尖上的形式主义”的若干意见》": (None, ""),
    "各时期入党时间的计算口径": (None, ""),
    "“光荣在党50年”的计算口径": (None, ""),
    "全国性节日、纪念日": (None, ""),
    "各地通行做法": (None, ""),
    "": (None, ""),
}
"""Each text with the first day on file and how its date reads; 党章 since 1982-09-06
where the joining date is meant."""

PARTY_CONSTITUTION_SINCE = "1982-09-06"
