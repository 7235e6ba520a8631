"""Every event that path/90240 and 90970 name, as WeCom writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    inside: str = ""
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    sender: str = "WangFang"


KEY = "<EventKey><![CDATA[{}]]></EventKey>"
SCAN = (
    "<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType>"
    "<ScanResult><![CDATA[1]]></ScanResult></ScanCodeInfo>"
)
PICTURES = (
    "<SendPicsInfo><Count>{}</Count><PicList>{}</PicList></SendPicsInfo>",
    "<item><PicMd5Sum>{}</PicMd5Sum></item>",
)
CARD = (
    "<TaskId><![CDATA[b7]]></TaskId><CardType>button_interaction</CardType>"
    "<ResponseCode><![CDATA[code]]></ResponseCode>"
)
CHOSEN = (
    "<SelectedItems><SelectedItem><QuestionKey>q1</QuestionKey><OptionIds>{}"
    "</OptionIds></SelectedItem></SelectedItems>"
)
APPROVAL = (
    "<ApprovalInfo><ThirdNo>n1</ThirdNo><OpenSpStatus>1</OpenSpStatus><ApprovalNodes>"
    "<ApprovalNode><NodeStatus>1</NodeStatus><Items><Item><ItemName>赵</ItemName></Item>"
    "<Item><ItemName>钱</ItemName></Item></Items></ApprovalNode></ApprovalNodes>"
    "</ApprovalInfo>"
)


def changed(kind: str, inside: str, fields: Mapping[str, str]) -> Case:
    told = f"<ChangeType>{kind}</ChangeType>{inside}"
    return Case("change_contact", told, "", {"ChangeType": kind, **fields}, "sys")


EVENTS = [
    Case("subscribe"),
    Case("subscribe", KEY.format("")),
    Case("unsubscribe"),
    Case("enter_agent", KEY.format("")),
    Case(
        "LOCATION",
        "<Latitude>23.104</Latitude><Longitude>113.320</Longitude>"
        "<Precision>65.000</Precision><AppType>wxwork</AppType>",
        fields={"Latitude": "23.104", "Precision": "65.000"},
    ),
    Case("click", KEY.format("checkin"), "checkin"),
    Case("view", KEY.format("https://a/?b=1&c=2"), "https://a/?b=1&c=2"),
    Case("view_miniprogram", KEY.format("pages/index"), "pages/index"),
    Case(
        "scancode_push",
        KEY.format("scan") + SCAN,
        "scan",
        {"ScanCodeInfo/ScanType": "qrcode", "ScanCodeInfo/ScanResult": "1"},
    ),
    Case("scancode_waitmsg", KEY.format("scan") + SCAN, "scan"),
    Case(
        "pic_sysphoto",
        KEY.format("pic") + PICTURES[0].format(0, ""),
        "pic",
        {"SendPicsInfo/Count": "0", "SendPicsInfo/PicList": ""},
    ),
    Case(
        "pic_photo_or_album",
        KEY.format("pic") + PICTURES[0].format(1, PICTURES[1].format("aa")),
        "pic",
        {"SendPicsInfo/PicList/item/PicMd5Sum": "aa"},
    ),
    Case(
        "pic_weixin",
        KEY.format("pic")
        + PICTURES[0].format(2, PICTURES[1].format("aa") + PICTURES[1].format("bb")),
        "pic",
        {"SendPicsInfo/PicList/item/PicMd5Sum": "aa,bb"},
    ),
    Case(
        "location_select",
        KEY.format("where") + "<SendLocationInfo><Location_X>23</Location_X>"
        "<Poiname></Poiname></SendLocationInfo><AppType>wxwork</AppType>",
        "where",
        {"SendLocationInfo/Location_X": "23", "SendLocationInfo/Poiname": ""},
    ),
    Case(
        "template_card_event",
        KEY.format("receipt:7") + CARD + CHOSEN.format("<OptionId>o1</OptionId>"),
        "receipt:7",
        {
            "TaskId": "b7",
            "SelectedItems/SelectedItem/QuestionKey": "q1",
            "SelectedItems/SelectedItem/OptionIds/OptionId": "o1",
        },
    ),
    Case(
        "template_card_event",
        KEY.format("submit")
        + CARD
        + CHOSEN.format("<OptionId>o1</OptionId><OptionId>o2</OptionId>"),
        "submit",
        {"SelectedItems/SelectedItem/OptionIds/OptionId": "o1,o2"},
    ),
    Case("template_card_menu_event", KEY.format("m") + CARD, "m"),
    Case(
        "batch_job_result",
        "<BatchJob><JobId>j1</JobId><JobType>sync_user</JobType><ErrCode>0</ErrCode>"
        "<ErrMsg>ok</ErrMsg></BatchJob>",
        fields={"BatchJob/JobType": "sync_user", "BatchJob/ErrMsg": "ok"},
        sender="sys",
    ),
    Case(
        "open_approval_change",
        APPROVAL,
        fields={
            "ApprovalInfo/ThirdNo": "n1",
            "ApprovalInfo/ApprovalNodes/ApprovalNode/Items/Item/ItemName": "赵,钱",
        },
        sender="sys",
    ),
    Case("share_agent_change", sender="sys"),
    Case("share_chain_change", sender="sys"),
    Case(
        "inactive_alert", "<EffectTime>1</EffectTime>", "", {"EffectTime": "1"}, "sys"
    ),
    Case("low_active_alert", "<EffectTime>1</EffectTime>", sender="sys"),
    Case("close_inactive_agent", sender="sys"),
    Case("reopen_inactive_agent", sender="sys"),
    Case("low_active", sender="sys"),
    Case("active_restored", sender="sys"),
    changed(
        "create_user",
        "<UserID>LiSi</UserID><Department>1,2</Department>",
        {"UserID": "LiSi", "Department": "1,2"},
    ),
    changed(
        "update_user",
        "<UserID>LiSi</UserID><NewUserID>LiSi2</NewUserID>"
        "<ExtAttr><Item><Name>籍贯</Name><Type>0</Type><Text><Value>宁</Value></Text>"
        "</Item></ExtAttr>",
        {"NewUserID": "LiSi2", "ExtAttr/Item/Text/Value": "宁"},
    ),
    changed("delete_user", "<UserID>LiSi</UserID>", {"UserID": "LiSi"}),
    changed(
        "create_party", "<Id>2</Id><Name>二</Name><ParentId>1</ParentId>", {"Id": "2"}
    ),
    changed("update_party", "<Id>2</Id><ParentId>3</ParentId>", {"ParentId": "3"}),
    changed("delete_party", "<Id>2</Id>", {"Id": "2"}),
    changed("update_tag", "<TagId>1</TagId><AddUserItems>a,b</AddUserItems>", {}),
    Case("not_invented_yet", KEY.format("k") + "<New><Thing>1</Thing></New>", "k"),
]


def name_case(case: Case) -> str:
    return f"{EVENTS.index(case)}-{case.name}"
