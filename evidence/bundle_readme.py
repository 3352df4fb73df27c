"""The Chinese note at the root of every bundle: how anybody checks it, offline, with public tools."""

from __future__ import annotations

README = """网巡证据包：五步校验（全程不需要联网，不需要安装网巡）

第一步  核对压缩包
    在收到的压缩包所在文件夹运行，结果应与移交文书上写的 SHA-256 值完全一致：
        sha256sum 证据包.zip            （Windows：certutil -hashfile 证据包.zip SHA256）
第二步  解开压缩包，运行校验程序（电脑上有 Python 3.9 或更新版本即可）
        python3 verify.py               （也可不解压：python3 verify.py 证据包.zip）
    校验程序逐字节核对清单、文件、时间戳和保管记录；显示“问题”时，第一行写明哪个文件不对。
    校验程序本身也可以被人换掉，所以请从移交单位另取一份，或只用第三至五步的公开工具。
第三步  用系统自带的工具核对每个文件
        sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
    国密 SM3 值在 manifest-sm3.txt，用 openssl dgst -sm3 核对。
    图书档案界的通用工具也能核对（BagIt 标准，RFC 8493）：bagit.py --validate 文件夹
第四步  核对时间戳（有 data/evidence/…/stamps/ 时）
    先看盖戳的时间和算法：  openssl ts -reply -in 应答.tsr -text
        openssl ts -verify -in 应答.tsr -data data/evidence/编号/manifest.json -CAfile 可信机构证书.pem -attime 秒数
    “秒数”是盖戳时间：  date -d "盖戳时间" +%s   不写 -attime，机构证书过期后会误报 FAILED。
    国密（SM3）时间戳用同一条命令，openssl 按应答里写的算法计算摘要。
    机构证书请向时间戳机构另取，不要只信包里带的。写着“测试机构”的时间戳没有证明力。
    再核对原始文件确实是盖了戳的那一份：时间戳只盖在 manifest.json 上，文件由它写明。
        sha256sum data/evidence/编号/manifest.json     结果应等于“编号”（文件夹名）
        sha256sum data/evidence/编号/files/*           每一行都应与 manifest.json 里的 "sha256" 相同，次序也相同
第五步  看网页
    data/derived/…/capture.wacz 用 ReplayWeb.page 或 pywb 打开，可离线回放当时的网页；
    data/evidence/…/files/ 里的 .warc.gz 用 warcio check 核对，截图是当时拍的。
    data/derived/…/page.pdf 是导出时按封存的网页代码打印的，由哪个文件生成写在旁边的 derived.json。

文件夹
    data/about.json       本包写明的范围、时间、接收单位
    data/evidence/        每份证据一个文件夹：清单、原始文件、保管记录、时间戳
    data/derived/         由证据生成、便于查看的文件（回放包、打印件）
    data/findings/        每条线索：帖文各版本、判断理由、人工决定
    data/report/          中文报告（电子数据提取笔录、证据清单、截图页）和瑕疵检查
    data/rules/           判断时所依据的规则文件，文件名前是它的 SHA-256 前八位
    data/术语表.txt       黑话、谐音、暗语的普通说法
    data/脱敏副本.zip     对外提供的副本，联系方式等已遮盖；只提供这一个文件，不要提供整个证据包

没有“已确认”字样的线索只是机器提示，未经人工确认，不得作为事实使用。
"""
