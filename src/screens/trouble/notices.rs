//! Words for what is no error of any room: what an operator should know, and what the program asks of him.

use super::Words;

/// Words for closing the program over what is not saved.
#[must_use]
pub fn unsaved() -> Words {
    Words::new(
        ("还有照片没有写进磁盘，现在退出会丢失", "请稍等，或先腾出磁盘空间；确实要放弃就再关一次窗口"),
        (
            "photos are not on disk yet and would be lost",
            "wait, or make room on the disk; close the window again to give them up",
        ),
    )
}

/// Words for beginning anew while something is still to be written.
#[must_use]
pub fn unsaved_yet() -> Words {
    Words::new(
        ("还有照片没有写进磁盘，现在不能重新开始", "请稍等，或先腾出磁盘空间，再按一次"),
        (
            "photos are not on disk yet: nothing else may begin",
            "wait, or make room on the disk, and press once more",
        ),
    )
}

/// Words for what would disturb whoever sits.
#[must_use]
pub fn not_while_seated() -> Words {
    Words::new(
        ("有考生正在就座，现在不能这样做", "请在这位结束之后再按一次"),
        ("somebody sits: not now", "press again when he has left"),
    )
}

/// Words for closing while the camera's card is looked at once more.
#[must_use]
pub fn last_look() -> Words {
    Words::new(
        ("正在核对相机卡上的照片，完成后自动退出", "请稍等；不想等就再关一次窗口，下次启动会接着核对"),
        (
            "the camera's card is being compared; the window closes by itself",
            "wait, or close it again: the next start goes on",
        ),
    )
}

/// Words for files that are still on the camera's card; nobody knows how many when it could not be looked at.
#[must_use]
pub fn left_on_card(count: Option<usize>) -> Words {
    let (zh, en) = match count {
        Some(count) => (
            format!("相机卡上还有 {count} 张没有取回"),
            format!("{count} photos are still on the camera's card"),
        ),
        None => ("没能核对相机卡上的照片".to_owned(), "the camera's card could not be looked at".to_owned()),
    };
    Words::new(
        (zh, "请等取完再退出，或再关一次窗口；不要格式化这张卡，下次启动会接着取回"),
        (en, "wait, or close the window again; do not format the card: the next start goes on"),
    )
}

/// Words for a rehearsal in a store of real students.
#[must_use]
pub fn real_students() -> Words {
    Words::new(
        ("这个数据文件夹里是正式采集的考生，不能用来演练", "请换一个 --store，或不写 --store"),
        ("this store holds real students, and no rehearsal may go into it", "give another --store, or none"),
    )
}

/// Words for real students in a rehearsal's store.
#[must_use]
pub fn rehearsed() -> Words {
    Words::new(
        ("这个数据文件夹里是演练的考生，不能用来正式采集", "请换一个 --store，或不写 --store"),
        ("this store is a rehearsal's, and no real student may go into it", "give another --store, or none"),
    )
}

/// Words for a shot that went to the strays while somebody sat.
#[must_use]
pub fn stray() -> Words {
    Words::new(
        ("有一张照片不能确定属于谁，已另外存放", "请为这位考生重拍；那张照片没有丢失"),
        (
            "nobody knows for certain whose one photo is; it was set aside",
            "shoot this student again; that photo is not lost",
        ),
    )
}

/// Words for orders that wait because a worker is swamped.
#[must_use]
pub fn swamped() -> Words {
    Words::new(
        ("电脑处理不过来", "请稍等，排队的工作会自动完成"),
        ("the computer is behind", "wait a moment; what waits is done by itself"),
    )
}

/// Words for models that would not load on the prompter's thread.
#[must_use]
pub fn no_prompter() -> Words {
    Words::new(
        ("取景画面上没有提示（识别模型没能加载）", "照常拍摄即可；重新启动程序会再试一次"),
        (
            "there are no hints in live view (its models would not load)",
            "go on as usual; the next start tries again",
        ),
    )
}

/// Words for characters, given as U+2123D, that no font of this computer has.
#[must_use]
pub fn undrawn(code_points: &str) -> Words {
    Words::new(
        (
            format!("这台电脑的字体里没有 {code_points}，屏幕上以 □ 加编号代替"),
            "请安装 fonts-noto-cjk 和 fonts-hanazono，再重新启动采影；照片和记录不受影响",
        ),
        (
            format!("no font of this computer has {code_points}; it is shown as □ with its number"),
            "install fonts-noto-cjk and fonts-hanazono, then restart caiying; photos and records are right",
        ),
    )
}

/// Words for a worker that ended.
#[must_use]
pub fn worker_ended(name: &str) -> Words {
    Words::new(
        (format!("程序内部出错（{name}）"), "请退出并重新启动采影；已保存的照片不受影响"),
        (format!("a part of the program ended ({name})"), "restart caiying; what was saved is safe"),
    )
}
